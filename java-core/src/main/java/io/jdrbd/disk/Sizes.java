package io.jdrbd.disk;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512}, {@code 4k}, {@code 1M}, {@code 10GiB}. */
public final class Sizes {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})([kmgt]?)(?:i?b)?");
  private static final String UNITS = "kmgt";

  private Sizes() {}

  /**
   * Reads a size; units are powers of 1024, in either case.
   *
   * @throws IllegalArgumentException with a text for the person who wrote it
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a size; write a number of bytes, or with k, M, G or T, such as 64M"
              .formatted(text));
    }
    int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("\"%s\" is larger than a disk can be".formatted(text), e);
    }
  }
}
