package io.jdrbd.kernel;

import io.jdrbd.disk.DiskGeometry;
import java.util.EnumSet;
import java.util.Set;

/** What the kernel is told about the server: the transmission flags of the NBD protocol. */
enum ServerFlag {
  HAS_FLAGS(1),
  READ_ONLY(1 << 1),
  SEND_FLUSH(1 << 2),
  SEND_FUA(1 << 3),
  SEND_TRIM(1 << 5),
  /** Kernels before 6.11 ignore it and write zeroes as data. */
  SEND_WRITE_ZEROES(1 << 6),
  CAN_MULTI_CONN(1 << 8);

  private final int bit;

  ServerFlag(int bit) {
    this.bit = bit;
  }

  /** The flags that fit a disk. */
  static Set<ServerFlag> of(DiskGeometry disk, boolean readOnly, int connections) {
    Set<ServerFlag> flags = EnumSet.of(HAS_FLAGS);
    if (readOnly) {
      flags.add(READ_ONLY);
    } else {
      flags.add(SEND_WRITE_ZEROES);
    }
    if (disk.volatileCache() && !readOnly) {
      flags.add(SEND_FLUSH);
      flags.add(SEND_FUA);
    }
    if (disk.canDiscard() && !readOnly) {
      flags.add(SEND_TRIM);
    }
    if (connections > 1) {
      flags.add(CAN_MULTI_CONN);
    }
    return flags;
  }

  static long bits(Set<ServerFlag> flags) {
    return flags.stream().mapToLong(flag -> flag.bit).sum();
  }
}
