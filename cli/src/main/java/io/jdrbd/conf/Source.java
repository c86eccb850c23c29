package io.jdrbd.conf;

import java.util.List;

/**
 * A text with a name.
 *
 * @param name the file as it was named, for people
 * @param lines without their ends
 */
public record Source(String name, List<String> lines) {
  public Source {
    lines = List.copyOf(lines);
  }

  /** A text from wherever. */
  public static Source of(String name, String text) {
    return new Source(name, List.of(text.split("\n", -1)));
  }

  /**
   * One line.
   *
   * @param number from 1 on
   */
  String line(int number) {
    return lines.get(number - 1);
  }
}
