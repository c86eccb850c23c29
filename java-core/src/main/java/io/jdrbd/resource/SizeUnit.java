package io.jdrbd.resource;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The unit that an option's number counts in when no suffix is given (spec 7, section 5.1). */
public enum SizeUnit {
  /** Plain numbers; a suffix multiplies. */
  ONE(1, ""),
  /** 1024 bytes. */
  KIB(1024, "k"),
  /** Sectors of 512 bytes. */
  SECTOR(512, "s");

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})([skKmMgG]?)");

  private final long bytes;
  private final String suffix;

  SizeUnit(long bytes, String suffix) {
    this.bytes = bytes;
    this.suffix = suffix;
  }

  /** What {@code show} writes behind the number. */
  public String suffix() {
    return suffix;
  }

  /** The number in this unit, rounded up, or empty if it is none or too large. */
  public Optional<Long> parse(String value) {
    Matcher matcher = NUMBER.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    if (matcher.group(2).isEmpty()) {
      return Optional.of(number);
    }
    long factor = factor(matcher.group(2).charAt(0));
    if (number > (Long.MAX_VALUE - bytes) / factor) {
      return Optional.empty();
    }
    return Optional.of((number * factor + bytes - 1) / bytes);
  }

  private static long factor(char suffix) {
    return switch (suffix) {
      case 's' -> 512;
      case 'k', 'K' -> 1L << 10;
      case 'm', 'M' -> 1L << 20;
      default -> 1L << 30;
    };
  }
}
