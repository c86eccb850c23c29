package io.jdrbd.disk.filter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code key=value} pairs of one filter; remembers which are known, to refuse the others. */
final class FilterOptions {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ns|us|ms|s)");

  private final String filter;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  private FilterOptions(String filter) {
    this.filter = filter;
  }

  static FilterOptions parse(String filter, String text) {
    FilterOptions options = new FilterOptions(filter);
    if (text.isEmpty()) {
      return options;
    }
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw options.error("\"%s\" is not of the form option=value".formatted(pair));
      }
      String key = pair.substring(0, equals);
      if (options.values.put(key, pair.substring(equals + 1)) != null) {
        throw options.error("%s is given twice".formatted(key));
      }
    }
    return options;
  }

  /** An option's value, or what it is when it is not given. */
  String get(String key, String otherwise) {
    known.add(key);
    return values.getOrDefault(key, otherwise);
  }

  String need(String key) {
    String value = get(key, "");
    if (value.isEmpty()) {
      throw error("%s is needed: %s:%s=...".formatted(key, filter, key));
    }
    return value;
  }

  long number(String key, long otherwise) {
    String value = get(key, Long.toString(otherwise));
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw error("%s=%s is not a whole number".formatted(key, value));
    }
  }

  long durationNs(String key, long otherwiseNs) {
    String value = get(key, "");
    if (value.isEmpty()) {
      return otherwiseNs;
    }
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw error(
          "%s=%s is not a time; write a number with ns, us, ms or s, such as 5ms"
              .formatted(key, value));
    }
    long unitNs =
        switch (matcher.group(2)) {
          case "s" -> 1_000_000_000L;
          case "ms" -> 1_000_000L;
          case "us" -> 1_000L;
          default -> 1L;
        };
    return Long.parseLong(matcher.group(1)) * unitNs;
  }

  /** To be called when all that is known has been asked for. */
  void refuseTheRest() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw error("there is no option %s; there are %s".formatted(key, String.join(", ", known)));
      }
    }
  }

  private IllegalArgumentException error(String text) {
    return new IllegalArgumentException("filter " + filter + ": " + text);
  }
}
