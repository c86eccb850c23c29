package io.jdrbd.cli;

/**
 * Fills lines with words the way {@code drbdsetup} 9.34 does (spec 7, section 10.1): the indent is
 * not counted, and the column after the first word of a line is one less than one would think.
 */
final class FilledLines {
  private final StringBuilder text = new StringBuilder();
  private final int width;
  private int column;

  FilledLines(int width) {
    this.width = width;
  }

  /**
   * Adds a word behind a blank, or on a new line if it does not fit.
   *
   * @param indent of the new line, if one begins
   */
  void word(int indent, String word) {
    word(indent, word, Paint.plain());
  }

  /** Adds a word of which a part is painted. */
  void word(int indent, String word, Paint paint) {
    add(indent, " " + word, paint);
  }

  /** Adds the first word of an object, without a blank. */
  void first(int indent, String word) {
    add(indent, word, Paint.plain());
  }

  private void add(int indent, String word, Paint paint) {
    if (column > 0 && column + word.length() > width) {
      endLine();
    }
    if (column == 0) {
      text.repeat(' ', indent).append(paint.on(word.stripLeading()));
      column = -1;
    } else {
      text.append(paint.on(word));
    }
    column += word.length();
  }

  /** Ends the line that was begun. */
  void endLine() {
    text.append('\n');
    column = 0;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
