package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Finds what O_DIRECT demands of a regular file. */
final class DirectAlignment {
  /** Stands for "this file cannot be used with O_DIRECT". */
  static final int REFUSED = 0;

  private static final int SMALLEST = 512;
  private static final int LARGEST = 4096;

  private DirectAlignment() {}

  /**
   * What offsets, lengths and memory addresses must be multiples of, in bytes, or {@link #REFUSED}.
   */
  static int of(int fd, FileStatus status) {
    return switch (status.direct()) {
      case FileStatus.DirectSupport.Refused() -> REFUSED;
      case FileStatus.DirectSupport.Aligned(int memory, int offset) -> Math.max(memory, offset);
      case FileStatus.DirectSupport.Unknown() -> probe(fd, status);
    };
  }

  /** Reads with growing alignment until the kernel accepts it. */
  private static int probe(int fd, FileStatus status) {
    if (status.sizeBytes() < 2L * LARGEST) {
      return LARGEST;
    }
    try (Memory memory = new Memory(3L * LARGEST)) {
      long aligned = Pointer.nativeValue(memory.align(LARGEST));
      for (int alignment = SMALLEST; alignment <= LARGEST; alignment *= 2) {
        if (Libc.pread(fd, aligned + alignment, alignment, alignment) >= 0) {
          return alignment;
        }
      }
    }
    return REFUSED;
  }
}
