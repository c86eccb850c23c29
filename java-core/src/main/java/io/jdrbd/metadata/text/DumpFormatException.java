package io.jdrbd.metadata.text;

/** A dump that restore-md cannot read; the message names the line. */
public final class DumpFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  DumpFormatException(int line, String expected, String found) {
    super("parse error in line %d: expected %s but found %s".formatted(line, expected, found));
  }
}
