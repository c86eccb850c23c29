package io.jdrbd.conf;

/** Writes words so that they are read again as what they are. */
public final class Quoting {
  private static final int BARE_MAX = 128;

  private Quoting() {}

  /** A name, or whatever else must be a string. */
  public static String name(String text) {
    return isBare(text) && Scanner.kindOf(text) == Token.Kind.WORD ? text : quoted(text);
  }

  /** The value of an option, which may be a number, an address or a word of the language. */
  public static String value(String text) {
    return isBare(text) ? text : quoted(text);
  }

  private static boolean isBare(String text) {
    return text.length() <= BARE_MAX && Scanner.isBare(text);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
