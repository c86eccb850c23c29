package io.jdrbd.metadata.format;

/** Bits of the superblock's flags. Those that only v08 knows stay 0 in v09. */
public enum DeviceFlag {
  /** The disk state was better than Inconsistent. */
  CONSISTENT(0x001),
  /** Somebody was Primary: decides whether the activity log counts after a crash. */
  PRIMARY_IND(0x002),
  /** v08 only: the peer was connected. */
  CONNECTED_IND(0x004),
  /** v08 only: everything is out of sync, whatever the bitmap says. */
  FULL_SYNC(0x008),
  /** The disk state was better than Outdated. */
  WAS_UP_TO_DATE(0x010),
  /** v08 only: the peer's disk was Outdated or Inconsistent. */
  PEER_OUT_DATED(0x020),
  /** This node was Primary and did not leave that role in order. */
  CRASHED_PRIMARY(0x040),
  /** The activity log has been applied or is empty. */
  AL_CLEAN(0x080),
  /** No activity log is written: after a crash as Primary everything is out of sync. */
  AL_DISABLED(0x100),
  /** This node was Primary when quorum was lost. */
  PRIMARY_LOST_QUORUM(0x200),
  /** The partition had quorum at the last state change. */
  HAVE_QUORUM(0x400);

  private final int mask;

  DeviceFlag(int mask) {
    this.mask = mask;
  }

  /** The bit on disk. */
  public int mask() {
    return mask;
  }
}
