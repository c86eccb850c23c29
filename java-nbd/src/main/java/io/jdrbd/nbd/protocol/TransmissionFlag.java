package io.jdrbd.nbd.protocol;

import java.util.EnumSet;
import java.util.Set;

/** What an export can do, as told to the client ({@code NBD_FLAG_*}). */
public enum TransmissionFlag {
  HAS_FLAGS(0),
  READ_ONLY(1),
  SEND_FLUSH(2),
  SEND_FUA(3),
  ROTATIONAL(4),
  SEND_TRIM(5),
  SEND_WRITE_ZEROES(6),
  SEND_DF(7),
  CAN_MULTI_CONN(8),
  SEND_RESIZE(9),
  SEND_CACHE(10),
  SEND_FAST_ZERO(11),
  BLOCK_STAT_PAYLOAD(12);

  private final int bit;

  TransmissionFlag(int position) {
    this.bit = 1 << position;
  }

  /** The flag as a mask of the 16-bit flags field. */
  public int bit() {
    return bit;
  }

  /** The 16-bit field that has these flags. */
  public static int encode(Set<TransmissionFlag> flags) {
    return flags.stream().mapToInt(TransmissionFlag::bit).sum();
  }

  /** The flags that are set in a 16-bit field; bits without a name are left out. */
  public static Set<TransmissionFlag> decode(int field) {
    Set<TransmissionFlag> flags = EnumSet.noneOf(TransmissionFlag.class);
    for (TransmissionFlag flag : values()) {
      if ((field & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }
}
