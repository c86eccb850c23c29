package io.jdrbd.conf;

/**
 * Something that is wrong at one place.
 *
 * @param at where it begins
 * @param length how many characters are meant; at least 1
 * @param message what is wrong, and what would be right
 */
public record Problem(Position at, int length, String message) {

  static Problem of(Token token, String message) {
    return new Problem(token.at(), token.length(), message);
  }

  /** The message with its place, the line, and a mark below what is meant. */
  public String describe() {
    return describe("error");
  }

  /**
   * The same for something that is not an error.
   *
   * @param kind what it is instead
   */
  public String describe(String kind) {
    String line = at.source().line(at.line());
    String number = Integer.toString(at.line());
    String margin = " ".repeat(number.length());
    StringBuilder blank = new StringBuilder();
    for (int column = 0; column < at.column() - 1; column++) {
      blank.append(column < line.length() && line.charAt(column) == '\t' ? '\t' : ' ');
    }
    return """
    %s: %s: %s
     %s | %s
     %s | %s%s
    """
        .formatted(at, kind, message, number, line, margin, blank, "^".repeat(Math.max(1, length)));
  }
}
