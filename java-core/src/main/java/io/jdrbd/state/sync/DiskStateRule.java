package io.jdrbd.state.sync;

import static io.jdrbd.metadata.rules.Generations.plain;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import java.util.List;
import java.util.Optional;

/** Same data by the identifiers, but one disk is in a better state: it is the source (3.6.3). */
final class DiskStateRule {
  private DiskStateRule() {}

  /** What the disks make of a comparison, if they have a say. */
  static Optional<Comparison> apply(Comparison comparison, SyncFacts<Generations> facts) {
    if (!applies(comparison, facts)) {
      return Optional.empty();
    }
    boolean source = facts.own().disk().isAbove(facts.peer().disk());
    return Optional.of(source ? asSource(comparison, facts) : asTarget(comparison, facts));
  }

  private static boolean applies(Comparison comparison, SyncFacts<Generations> facts) {
    DiskState own = facts.own().disk();
    DiskState peer = facts.peer().disk();
    boolean oneInconsistent =
        exactlyOneIs(DiskState.INCONSISTENT, own, peer)
            && facts.own().isAtLeast(DiskState.INCONSISTENT)
            && facts.peer().isAtLeast(DiskState.INCONSISTENT);
    boolean undecided = comparison.strategy() == Strategy.NO_SYNC;
    if (facts.terms().protocolVersion() < 119) {
      return oneInconsistent && (undecided || comparison.rule() == Rule9.BOTH_OFF);
    }
    boolean comparable =
        own != peer
            && facts.own().isAtLeast(DiskState.INCONSISTENT)
            && facts.peer().isAtLeast(DiskState.INCONSISTENT)
            && peer != DiskState.D_UNKNOWN;
    return comparable
        && (undecided
            ? oneInconsistent
            : comparison.strategy().isIfBothFailed() && isWeak(comparison));
  }

  private static boolean isWeak(Comparison comparison) {
    return comparison.rule() == Rule9.RECONNECTED
        || comparison.rule() == Rule9.LOST_QUORUM
        || comparison.rule() == Rule9.BOTH_OFF;
  }

  static boolean exactlyOneIs(DiskState state, DiskState own, DiskState peer) {
    return (own == state) != (peer == state);
  }

  private static Comparison asSource(Comparison comparison, SyncFacts<Generations> facts) {
    Generations own = facts.own().uuids();
    long slot = facts.peer().uuids().bitmap().get(own.nodeId());
    boolean plainCase = !facts.peer().has(UuidFlag.SYNC_TARGET) || isInStep(slot, facts);
    if (plainCase) {
      return comparison.with(Strategy.SOURCE_USE_BITMAP);
    }
    int node = slotWith(slot, own.bitmap());
    if (node == Comparison.NO_NODE) {
      return comparison.with(Strategy.SOURCE_SET_BITMAP);
    }
    return node == facts.peer().uuids().nodeId()
        ? comparison.with(Strategy.SOURCE_USE_BITMAP)
        : comparison.with(Strategy.SOURCE_COPY_BITMAP).through(node);
  }

  private static Comparison asTarget(Comparison comparison, SyncFacts<Generations> facts) {
    Generations own = facts.own().uuids();
    Generations peer = facts.peer().uuids();
    long slot = own.bitmap().get(peer.nodeId());
    boolean plainCase = !facts.own().has(UuidFlag.SYNC_TARGET) || isInStep(slot, facts);
    if (plainCase) {
      return comparison.with(Strategy.TARGET_USE_BITMAP);
    }
    int node = slotWith(slot, peer.bitmap());
    if (node == Comparison.NO_NODE) {
      return comparison.with(Strategy.TARGET_SET_BITMAP);
    }
    return node == own.nodeId()
        ? comparison.with(Strategy.TARGET_USE_BITMAP)
        : comparison.with(Strategy.TARGET_CLEAR_BITMAP).through(node);
  }

  private static boolean isInStep(long slot, SyncFacts<Generations> facts) {
    long peerCurrent = facts.peer().uuids().current();
    return slot == peerCurrent && peerCurrent == facts.own().uuids().current();
  }

  private static int slotWith(long uuid, List<Long> slots) {
    for (int node = 0; node < slots.size(); node++) {
      if (plain(uuid) != 0 && plain(slots.get(node)) == plain(uuid)) {
        return node;
      }
    }
    return Comparison.NO_NODE;
  }
}
