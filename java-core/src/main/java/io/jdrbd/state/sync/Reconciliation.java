package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import java.util.Optional;

/** After the loss of a third node its last writes may be on one of two disks only (spec 3.6.3). */
final class Reconciliation {
  private Reconciliation() {}

  /** Which way the writes of the lost node go, for data that is otherwise the same. */
  static Optional<Comparison> apply(SyncFacts<Generations> facts) {
    long own = facts.own().dirtyBits();
    long peer = facts.peer().dirtyBits();
    boolean owed =
        facts.terms().occasion() == SyncOccasion.CONNECT
            && !facts.bothHaveNoDirtyBits()
            && isGood(facts.own())
            && isGood(facts.peer());
    if (!owed || facts.terms().lostPeer().isEmpty()) {
      return Optional.empty();
    }
    if (own == 0 || peer == 0) {
      return Comparison.of(direction(own != 0), Rule9.RECONCILE_BITMAP);
    }
    SyncTerms.LostPeer lost = facts.terms().lostPeer().get();
    boolean tie = lost.ownDagtag() == lost.peerDagtag();
    boolean source =
        tie
            ? facts.own().uuids().nodeId() < facts.peer().uuids().nodeId()
            : Long.compareUnsigned(lost.ownDagtag(), lost.peerDagtag()) > 0;
    return Comparison.of(direction(source), Rule9.RECONCILE_DAGTAG);
  }

  private static Strategy direction(boolean source) {
    return source ? Strategy.SOURCE_USE_BITMAP : Strategy.TARGET_USE_BITMAP;
  }

  private static boolean isGood(SyncSide<Generations> side) {
    return side.disk() == DiskState.UP_TO_DATE
        && !side.has(UuidFlag.CRASHED_PRIMARY)
        && !side.has(UuidFlag.PRIMARY_LOST_QUORUM);
  }
}
