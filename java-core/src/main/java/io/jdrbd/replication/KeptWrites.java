package io.jdrbd.replication;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a peer had not confirmed when it was lost while I/O was suspended (spec 2.18): nobody hears
 * of it until it is known whether the peer comes back, and with which data.
 */
final class KeptWrites {
  private final PeerWrites peer;
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  /** What becomes of those of a volume: whether they are sent again. */
  private final Map<ReplicatedDisk, Boolean> decisions = new HashMap<>();

  KeptWrites(PeerWrites peer) {
    this.peer = peer;
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  /** Keeps one, behind those that were sent before it. */
  void keep(Write write) {
    writes.add(write);
  }

  /**
   * It is known how the peer comes back with a volume. Nothing happens before that is known of all
   * volumes that have something here, as the order of writes spans volumes.
   *
   * @param again with the same data, so that what it has not acknowledged is sent again; else a
   *     resync brings it
   */
  void decide(ReplicatedDisk volume, boolean again) {
    decisions.put(volume, again);
    Set<ReplicatedDisk> concerned = new HashSet<>();
    writes.forEach(write -> concerned.add(write.volume()));
    if (decisions.keySet().containsAll(concerned)) {
      while (!writes.isEmpty()) {
        Write write = writes.remove();
        if (decisions.get(write.volume())) {
          peer.again(write);
        } else {
          peer.giveUp(write);
        }
      }
      decisions.clear();
      peer.allSentAgain();
    }
  }

  /** I/O goes on without the peer. */
  void giveUpAll() {
    decisions.clear();
    while (!writes.isEmpty()) {
      peer.giveUp(writes.remove());
    }
  }
}
