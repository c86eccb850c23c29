package io.jdrbd.replication;

/** Why a range of a volume is in use; decides who waits for whom (spec 2.17 and 6.9). */
public enum RangeKind {
  /** A write of an application on this node, until it is completed to the application. */
  OWN_WRITE,
  /** A write received from a peer, until its ack was sent. */
  PEER_WRITE,
  /** As target: asked for, no answer yet. */
  RESYNC_REQUEST,
  /** As target: the answer is being written. */
  RESYNC_WRITE,
  /** As source: from the start of the read until the target's ack. */
  RESYNC_READ,
  /** Compared with a peer: keeps nobody waiting, but is told of those who write. */
  VERIFY;

  /**
   * Whether a range that comes later has to wait for one that is in use and overlaps.
   *
   * @param other the one in use
   * @param samePeer whether both are for the same peer
   */
  boolean waitsForActive(RangeKind other, boolean samePeer) {
    return switch (this) {
      case OWN_WRITE -> true;
      case PEER_WRITE -> other != RESYNC_REQUEST || !samePeer;
      case RESYNC_REQUEST -> other != PEER_WRITE || !samePeer;
      case RESYNC_WRITE -> other != RESYNC_REQUEST;
      case RESYNC_READ -> other != RESYNC_REQUEST && other != RESYNC_READ;
      case VERIFY -> throw new IllegalStateException("a verify waits for nobody");
    };
  }

  /**
   * Whether a range that comes later has to wait for one that overlaps and itself still waits.
   * Resync goes before application writes that have not begun: each block is resynced once, while
   * an application may write it for ever.
   */
  boolean waitsForWaiting(RangeKind other, boolean samePeer) {
    return switch (this) {
      case OWN_WRITE -> true;
      case PEER_WRITE, RESYNC_WRITE -> other != OWN_WRITE && waitsForActive(other, samePeer);
      case RESYNC_REQUEST, RESYNC_READ ->
          other != OWN_WRITE && other != PEER_WRITE && waitsForActive(other, samePeer);
      case VERIFY -> throw new IllegalStateException("a verify waits for nobody");
    };
  }

  /** Whether the data changes while such a range is in use. */
  boolean changesData() {
    return switch (this) {
      case OWN_WRITE, PEER_WRITE, RESYNC_WRITE -> true;
      case RESYNC_REQUEST, RESYNC_READ, VERIFY -> false;
    };
  }
}
