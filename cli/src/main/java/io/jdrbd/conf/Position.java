package io.jdrbd.conf;

/**
 * A place in a source.
 *
 * @param line from 1 on
 * @param column from 1 on, in characters
 */
public record Position(Source source, int line, int column) {

  /** {@code FILE:LINE:COLUMN}. */
  @Override
  public String toString() {
    return source.name() + ":" + line + ":" + column;
  }
}
