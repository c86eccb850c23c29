package io.jdrbd.conf;

/**
 * A word, a number, an address or a punctuation mark.
 *
 * @param text what it stands for: of a quoted string without quotes and escapes
 * @param length how many characters it takes in the source
 */
public record Token(Kind kind, String text, Position at, int length) {

  /** What a token is (spec 7, section 2). */
  public enum Kind {
    /** A bare string that is none of the following. */
    WORD("a word"),
    /** A word that the language keeps for itself. */
    KEYWORD("a keyword"),
    QUOTED("a string in quotes"),
    INTEGER("a number"),
    /** Such as {@code 9.2.14}. */
    VERSION("a version"),
    IPV4("an IPv4 address"),
    IPV6("an IPv6 address"),
    /** One of <code>{ } ; [ ] :</code>. */
    MARK("a punctuation mark"),
    END("the end of the file");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  boolean isMark(char mark) {
    return kind == Kind.MARK && text.charAt(0) == mark;
  }

  /** Whether it may stand where the language wants a string. */
  public boolean isString() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** Whether it is this word, as the language or a section uses it: without quotes. */
  public boolean isWord(String word) {
    return (kind == Kind.WORD || kind == Kind.KEYWORD) && text.equals(word);
  }

  /** For messages: what stands there. */
  public String shown() {
    return switch (kind) {
      case END -> kind.words();
      case QUOTED -> '"' + text + '"';
      default -> "'" + text + "'";
    };
  }
}
