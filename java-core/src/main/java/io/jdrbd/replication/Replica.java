package io.jdrbd.replication;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.OptionalInt;

/** One volume at one peer, as the volume's writes and reads see it. Used on the loop. */
public final class Replica {
  private final PeerWrites peer;
  private OptionalInt slot = OptionalInt.empty();
  private Disposition disposition = Disposition.NOTHING;
  private boolean duringResync;
  private boolean readable;

  Replica(PeerWrites peer) {
    this.peer = peer;
  }

  /** The connection's writes. */
  public PeerWrites peer() {
    return peer;
  }

  /** Says which bitmap of the own metadata is the peer's; none without a disk. */
  public void setSlot(OptionalInt bitmapSlot) {
    slot = bitmapSlot;
  }

  /** The bitmap slot for the peer. */
  public OptionalInt slot() {
    return slot;
  }

  /**
   * The peer's states have changed: from the next write on this is what the peer gets. An epoch
   * ends where that makes a difference.
   *
   * @param mayRead whether the peer is to be asked for data
   */
  public void become(DiskState peerDisk, ReplicationState replication, boolean mayRead) {
    Disposition next = Disposition.of(peerDisk, replication);
    if (next != disposition) {
      peer.closeEpoch();
    }
    disposition = next;
    duringResync = Disposition.mayTakeMarksAway(replication);
    readable = mayRead && peerDisk == DiskState.UP_TO_DATE && replication != ReplicationState.OFF;
  }

  Disposition disposition() {
    return disposition;
  }

  boolean duringResync() {
    return duringResync;
  }

  /** Whether the peer can be asked for data. */
  public boolean isReadable() {
    return readable;
  }
}
