package io.jdrbd.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as arguments. */
final class Numbers {
  private static final Pattern MINOR = Pattern.compile("(?:/dev/drbd|drbd|minor-)?(\\d{1,9})");

  private Numbers() {}

  /** A number that is not negative. */
  static int parse(String label, String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new UsageException("%s '%s' is not a number".formatted(label, text));
    }
    return Integer.parseInt(text);
  }

  /** A minor: {@code 10} or {@code /dev/drbd10}. */
  static int minor(String text) {
    Matcher matcher = MINOR.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("'%s' is no minor; say 10 or /dev/drbd10".formatted(text));
    }
    return Integer.parseInt(matcher.group(1));
  }
}
