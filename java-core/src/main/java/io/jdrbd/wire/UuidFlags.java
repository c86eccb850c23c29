package io.jdrbd.wire;

/** The flags of P_UUIDS (bits 0 to 3) and P_UUIDS110 (all), spec 3.4.4. */
public final class UuidFlags {
  /** The connect was asked for with discard-my-data. */
  public static final long DISCARD_MY_DATA = 1;

  /** The disk was a Primary's that went down without demotion. */
  public static final long CRASHED_PRIMARY = 1L << 1;

  /** The metadata says "not consistent". */
  public static final long INCONSISTENT = 1L << 2;

  /** "Adopt my current generation, consider yourself identical." */
  public static final long SKIP_INITIAL_SYNC = 1L << 3;

  /** A Primary started a new generation; the node mask names weak nodes. */
  public static final long NEW_DATAGEN = 1L << 4;

  /** The sender is Primary, or has no connected Primary. */
  public static final long STABLE = 1L << 5;

  /** The sender just became stable. */
  public static final long GOT_STABLE = 1L << 6;

  /** "Compare now and start a resync if needed." */
  public static final long RESYNC = 1L << 7;

  /** This connection object had an established connection before, and lost it. */
  public static final long RECONNECT = 1L << 8;

  /** With {@link #RESYNC}: a diskless Primary is the reason. */
  public static final long DISKLESS_PRIMARY = 1L << 9;

  /** The sender was Primary when it lost quorum. */
  public static final long PRIMARY_LOST_QUORUM = 1L << 10;

  /** The current generation is that of the sender's sync source. */
  public static final long SYNC_TARGET = 1L << 11;

  /** The top byte is the node id of the slot that is not allocated. */
  public static final long HAS_UNALLOC = 1L << 12;

  /** The bits that may be sent below version 110. */
  public static final long BELOW_110 = 0xf;

  private static final int UNALLOC_SHIFT = 56;

  private UuidFlags() {}

  /** The node id of the slot that is not allocated; only with {@link #HAS_UNALLOC}. */
  public static int unallocatedSlot(long flags) {
    return (int) (flags >>> UNALLOC_SHIFT);
  }

  /** The flags with that slot. */
  public static long withUnallocatedSlot(long flags, int nodeId) {
    return flags | HAS_UNALLOC | ((long) nodeId << UNALLOC_SHIFT);
  }
}
