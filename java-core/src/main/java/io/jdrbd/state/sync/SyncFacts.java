package io.jdrbd.state.sync;

/**
 * All that the decision about a resync depends on.
 *
 * @param own this node
 * @param peer the other
 * @param terms what both have agreed on, and what is configured
 */
public record SyncFacts<U>(SyncSide<U> own, SyncSide<U> peer, SyncTerms terms) {

  SyncFacts<U> with(U own, U peer) {
    return new SyncFacts<>(this.own.with(own), this.peer.with(peer), terms);
  }

  boolean bothHaveNoDirtyBits() {
    return own.dirtyBits() == 0 && peer.dirtyBits() == 0;
  }
}
