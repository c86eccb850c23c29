package io.jdrbd.disk.filter;

import io.jdrbd.disk.DiskRequest.Op;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.Sizes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads filters as they are written on a command line. */
final class FilterParser {
  private static final String ANY = "any";

  /** What has a range on the disk, and so can meet a bad sector. */
  private static final Set<Op> WITH_RANGE = EnumSet.complementOf(EnumSet.of(Op.FLUSH));

  private FilterParser() {}

  static FilterSpec parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    FilterOptions options = FilterOptions.parse(name, colon < 0 ? "" : text.substring(colon + 1));
    FilterSpec spec =
        switch (name) {
          case "delay" -> delay(options);
          case "errors" -> errors(options);
          case "writelog" -> new FilterSpec.WriteLog(Path.of(options.need("file")));
          case "torn" -> new FilterSpec.Torn(Sizes.parse(options.get("limit", "64M")));
          default ->
              throw new IllegalArgumentException(
                  "\"%s\" is not a disk filter; there are delay, errors, writelog and torn"
                      .formatted(name));
        };
    options.refuseTheRest();
    return spec;
  }

  private static FilterSpec delay(FilterOptions options) {
    Map<Op, Long> delays = new EnumMap<>(Op.class);
    long any = options.durationNs(ANY, 0);
    for (Op op : Op.values()) {
      long delay = options.durationNs(op.text(), any);
      if (delay > 0) {
        delays.put(op, delay);
      }
    }
    if (delays.isEmpty()) {
      throw new IllegalArgumentException(
          "filter delay: says what to delay, such as delay:any=5ms or delay:read=5ms,flush=20ms");
    }
    long jitter = options.durationNs("jitter", 0);
    return new FilterSpec.Delay(delays, jitter, options.number("seed", 1));
  }

  private static FilterSpec errors(FilterOptions options) {
    return new FilterSpec.Errors(
        new FaultyDisk.Fault(
            operations(options.get("op", ANY)),
            Sizes.parse(options.get("offset", "0")),
            Sizes.parse(options.get("length", Long.toString(Long.MAX_VALUE / 10))),
            errno(options.get("errno", Errno.EIO.name())),
            options.number("every", 1),
            options.number("times", Long.MAX_VALUE)));
  }

  private static Set<Op> operations(String text) {
    if (text.equals(ANY)) {
      return WITH_RANGE;
    }
    Set<Op> operations = EnumSet.noneOf(Op.class);
    for (String part : text.split("\\+", -1)) {
      operations.add(operation(part));
    }
    return operations;
  }

  private static Op operation(String text) {
    return Arrays.stream(Op.values())
        .filter(op -> op.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "filter errors: \"%s\" is not an operation; there are %s and %s, several with +"
                        .formatted(text, operationNames(), ANY)));
  }

  private static String operationNames() {
    return Arrays.stream(Op.values()).map(Op::text).collect(Collectors.joining(", "));
  }

  private static Errno errno(String text) {
    return Arrays.stream(Errno.values())
        .filter(errno -> errno.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "filter errors: \"%s\" is not an errno that a disk answers; such as EIO or ENOSPC"
                        .formatted(text)));
  }
}
