package io.jdrbd.replication;

import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * All writes of a resource, over its volumes, in the order in which they were admitted; and the
 * epochs they belong to (spec 2.11.1, 2.12).
 *
 * <p>The promise of epochs: a write that was submitted after another one had been completed to the
 * application is in a later epoch, and a barrier lies between the two at every peer that gets both.
 */
public final class WriteOrder {
  /**
   * As many writes as one epoch holds where nothing else is configured ({@code max-epoch-size}).
   */
  public static final int EPOCH_WRITES_DEFAULT = 2048;

  private final Loop loop;
  private final ArrayDeque<Write> undone = new ArrayDeque<>();
  private final List<PeerWrites> peers = new ArrayList<>();
  private final RequestTable<Write> table = new RequestTable<>();
  private final PeerAcks peerAcks;
  private int maxEpochWrites = EPOCH_WRITES_DEFAULT;
  private int epoch;
  private int writesInEpoch;
  private long dagtag;
  private boolean settling;

  /**
   * @param nodeId of this node
   */
  public WriteOrder(Loop loop, int nodeId) {
    this.loop = loop;
    this.peerAcks = new PeerAcks(this, nodeId);
  }

  /**
   * Changes how many writes one epoch holds.
   *
   * @param writes {@code max-epoch-size}, 1 to 20000
   */
  public void setMaxEpochWrites(int writes) {
    maxEpochWrites = writes;
  }

  /** Sectors written since the resource exists, or since the position found on a disk. */
  public long dagtag() {
    return dagtag;
  }

  /** Moves the position forward to one that was found on a disk; never back. */
  public void raiseDagtag(long found) {
    dagtag = found - dagtag > 0 ? found : dagtag;
  }

  /** The epoch of the next write. */
  int epoch() {
    return epoch;
  }

  Loop loop() {
    return loop;
  }

  /**
   * Makes room for one more peer.
   *
   * @param nodeId of the peer
   */
  public PeerWrites addPeer(int nodeId) {
    PeerWrites peer = new PeerWrites(peers.size(), nodeId, this);
    peers.add(peer);
    return peer;
  }

  /** How many peers were ever configured; their indexes are below. */
  int peerCount() {
    return peers.size();
  }

  PeerWrites peer(int index) {
    return peers.get(index);
  }

  PeerAcks peerAcks() {
    return peerAcks;
  }

  /** Peers are told at once who has the writes that are done (spec 2.14). */
  public void flushPeerAcks() {
    peerAcks.flush();
  }

  RequestTable<Write> table() {
    return table;
  }

  /** The write gets its place: number, epoch, position. */
  void admit(Write write, long sectors) {
    dagtag += sectors;
    write.admitted(table.add(write.present()), epoch, dagtag);
    undone.add(write);
    writesInEpoch++;
  }

  /** To be called when the write was given to all who shall get it. */
  void admittedEverywhere() {
    if (writesInEpoch >= maxEpochWrites) {
      closeEpoch();
    }
  }

  /** Ends the current epoch, if it has a write. */
  public void closeEpoch() {
    if (writesInEpoch > 0) {
      epoch++;
      writesInEpoch = 0;
      peers.forEach(PeerWrites::epochClosed);
    }
  }

  /** A write is about to be completed to the application. */
  void completing(Write write) {
    if (write.epoch() == epoch) {
      closeEpoch();
    }
  }

  /**
   * Ends every write that is done and has no undone one before it. The order matters: the late "in
   * sync" of an older write must not take away the mark of a newer one.
   */
  void settle() {
    if (settling) {
      return;
    }
    settling = true;
    while (!undone.isEmpty() && undone.element().isSettled()) {
      Write write = undone.remove();
      table.remove(write.id());
      peerAcks.done(write);
      write.end();
    }
    settling = false;
  }

  /** Whether no write is on its way. */
  public boolean isIdle() {
    return undone.isEmpty();
  }
}
