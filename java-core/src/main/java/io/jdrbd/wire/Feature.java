package io.jdrbd.wire;

/** What two nodes agree on independent of the protocol version: own AND peer's (spec 1.6.2). */
public enum Feature {
  /** P_TRIM may be sent. */
  TRIM(1),
  /** P_RS_THIN_REQ and P_RS_DEALLOCATED(_ID). */
  THIN_RESYNC(2),
  /** P_SIZES carries the limits of the sender's queue; discards up to 128 MiB. */
  WSAME(4),
  /** P_ZEROES may be sent. */
  WZEROES(8),
  /** Resync and verify requests name the write stream that they depend on. */
  RESYNC_DAGTAG(16),
  /** Requests of a two-phase commit carry flags and 8-bit node ids. */
  TWOPC_V2(32),
  /** Diskless peers are told the new current UUID when the initial sync is skipped. */
  RS_SKIP_UUID(64),
  /** P_ENABLE_REPLICATION_NEXT and P_ENABLE_REPLICATION. */
  RESYNC_WITHOUT_REPLICATION(128),
  /** The last byte of P_SIZES tells the size of a bitmap block. */
  BM_BLOCK_SHIFT(256),
  /** P_PEER_DAGTAG at the start of the per-device packets. */
  RECONCILE_RECONNECT(512);

  private final int mask;

  Feature(int mask) {
    this.mask = mask;
  }

  /** Its bit in P_CONNECTION_FEATURES. */
  public int mask() {
    return mask;
  }

  /** The bits of several features. */
  public static int maskOf(Feature... features) {
    int mask = 0;
    for (Feature feature : features) {
      mask |= feature.mask;
    }
    return mask;
  }
}
