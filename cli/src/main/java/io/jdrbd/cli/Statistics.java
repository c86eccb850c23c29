package io.jdrbd.cli;

import io.jdrbd.resource.VolumeStatistics;
import java.util.List;

/** The statistics of a device as {@code status} and {@code events2} print them. */
final class Statistics {
  /** It never is: a log that is written needlessly costs little. */
  static final String AL_NOT_SUSPENDED = "al-suspended:no";

  private static final long KIB = 1024;

  private Statistics() {}

  static long kib(long bytes) {
    return bytes / KIB;
  }

  /** Sizes in KiB, writes of metadata, and requests. */
  static List<String> counters(VolumeStatistics numbers) {
    return List.of(
        "size:" + kib(numbers.sizeBytes()),
        "read:" + kib(numbers.readBytes()),
        "written:" + kib(numbers.writtenBytes()),
        "al-writes:" + numbers.alWrites(),
        "bm-writes:" + numbers.bitmapWrites(),
        "upper-pending:" + numbers.upperPending(),
        "lower-pending:" + numbers.lowerPending());
  }
}
