package io.jdrbd.metadata.format;

/** Bits of a peer record's flags (v09). */
public enum PeerFlag {
  /** Replication was on at the end of the last state change. */
  CONNECTED(0x1),
  /** The peer's disk is Inconsistent or Outdated. */
  OUTDATED(0x2),
  /** The connection has a fencing policy. */
  FENCING(0x4),
  /** Everything is out of sync with this peer, whatever the bitmap says. */
  FULL_SYNC(0x8),
  /** The peer was seen with a disk. */
  DEVICE_SEEN(0x10),
  /** The node is known to exist though it has no bitmap here. */
  NODE_EXISTS(0x10000);

  private final int mask;

  PeerFlag(int mask) {
    this.mask = mask;
  }

  /** The bit on disk. */
  public int mask() {
    return mask;
  }
}
