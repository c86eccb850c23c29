package io.jdrbd.nbd.protocol;

/** Flags of a request ({@code NBD_CMD_FLAG_*}). */
public enum CommandFlag {
  /** Reply only when durable. */
  FUA(0),
  /** The zeroed range must stay allocated. */
  NO_HOLE(1),
  /** Do not fragment the reply to a read. */
  DF(2),
  /** One extent is enough. */
  REQ_ONE(3),
  /** Fail rather than write zeroes slowly. */
  FAST_ZERO(4),
  /** The header's length is that of a payload which follows; extended headers only. */
  PAYLOAD_LEN(5);

  private final int bit;

  CommandFlag(int position) {
    this.bit = 1 << position;
  }

  /** The flag as a mask of the 16-bit flags field. */
  public int bit() {
    return bit;
  }

  /** Whether the flag is set among these. */
  public boolean isIn(int flags) {
    return (flags & bit) != 0;
  }
}
