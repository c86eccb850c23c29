package io.jdrbd.cli;

import io.jdrbd.resource.VolumeStatistics;
import java.util.List;

/** The statistics of a device as {@code status} and {@code events2} print them. */
final class Statistics {
  static final String AL_NOT_SUSPENDED = "al-suspended:no";

  private static final long KIB = 1024;

  private Statistics() {}

  static long kib(long bytes) {
    return bytes / KIB;
  }

  /** Sizes in KiB and requests. Nothing is written to an activity log or bitmap yet. */
  static List<String> counters(VolumeStatistics numbers) {
    return List.of(
        "size:" + kib(numbers.sizeBytes()),
        "read:" + kib(numbers.readBytes()),
        "written:" + kib(numbers.writtenBytes()),
        "al-writes:0",
        "bm-writes:0",
        "upper-pending:" + numbers.upperPending(),
        "lower-pending:" + numbers.lowerPending());
  }
}
