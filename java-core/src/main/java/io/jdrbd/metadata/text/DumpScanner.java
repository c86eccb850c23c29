package io.jdrbd.metadata.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a dump into its tokens, line by line; knows what each may look like. */
final class DumpScanner {
  private static final String END = "the end of the file";
  private static final Pattern TOKEN =
      Pattern.compile("[{}\\[\\];]|\"[^\"\\n]{1,20}\"|[^\\s{}\\[\\];#\"]+|\\S");

  private static final Pattern U64 = Pattern.compile("0[xX][0-9a-fA-F]{16}");
  private static final Pattern U32 = Pattern.compile("0[xX][0-9a-fA-F]{8}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}");

  private final BufferedReader input;
  private Matcher tokens = TOKEN.matcher("");
  private int line;
  private String token = "";

  DumpScanner(Reader input) throws IOException {
    this.input = new BufferedReader(input);
    advance();
  }

  /** Whether the next token is this one; takes it then. */
  boolean accept(String expected) throws IOException {
    if (!token.equals(expected)) {
      return false;
    }
    advance();
    return true;
  }

  /** Takes the tokens, which must come next. */
  void expect(String... expected) throws IOException, DumpFormatException {
    for (String each : expected) {
      if (!accept(each)) {
        throw unexpected("'" + each + "'");
      }
    }
  }

  void expectEnd() throws DumpFormatException {
    if (!token.equals(END)) {
      throw unexpected(END);
    }
  }

  String string() throws IOException, DumpFormatException {
    if (token.length() < 3 || token.charAt(0) != '"') {
      throw unexpected("a quoted text of 1 to 20 characters");
    }
    String text = token.substring(1, token.length() - 1);
    advance();
    return text;
  }

  boolean isU64() {
    return U64.matcher(token).matches();
  }

  long u64() throws IOException, DumpFormatException {
    if (!isU64()) {
      throw unexpected("0x and 16 hexadecimal digits");
    }
    return Long.parseUnsignedLong(take(), 2, 18, 16);
  }

  int u32() throws IOException, DumpFormatException {
    if (!U32.matcher(token).matches()) {
      throw unexpected("0x and 8 hexadecimal digits");
    }
    return Integer.parseUnsignedInt(take(), 2, 10, 16);
  }

  /**
   * @param what the number is, for the message
   * @param least the smallest value that makes sense
   * @param most the largest
   */
  long number(String what, long least, long most) throws IOException, DumpFormatException {
    String expected = "%s, a number from %d to %d".formatted(what, least, most);
    if (!NUMBER.matcher(token).matches()) {
      throw unexpected(expected);
    }
    long value;
    try {
      value = Long.parseLong(token);
    } catch (NumberFormatException tooLarge) {
      throw unexpected(expected);
    }
    if (value < least || value > most) {
      throw unexpected(expected);
    }
    advance();
    return value;
  }

  DumpFormatException unexpected(String expected) {
    return new DumpFormatException(line, expected, token.equals(END) ? END : "'" + token + "'");
  }

  private String take() throws IOException {
    String taken = token;
    advance();
    return taken;
  }

  private void advance() throws IOException {
    while (!tokens.find()) {
      String text = input.readLine();
      if (text == null) {
        token = END;
        return;
      }
      line++;
      int comment = text.indexOf('#');
      tokens = TOKEN.matcher(comment < 0 ? text : text.substring(0, comment));
    }
    token = tokens.group();
  }
}
