package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations;
import java.util.List;

/**
 * Both sides have the same generation (spec 3.6.1, rows 8 to 21): what counts is who crashed, who
 * lost quorum, and who was running all the time.
 */
final class EqualData {
  private final SyncTerms terms;
  private final boolean ownReconnects;
  private final boolean peerReconnects;
  private final boolean ownCrashed;
  private final boolean peerCrashed;
  private final boolean ownLostQuorum;
  private final boolean peerLostQuorum;

  private EqualData(SyncFacts<Generations> facts) {
    SyncSide<Generations> own = facts.own();
    SyncSide<Generations> peer = facts.peer();
    terms = facts.terms();
    ownReconnects = own.has(UuidFlag.RECONNECT);
    peerReconnects = peer.has(UuidFlag.RECONNECT);
    ownCrashed = own.has(UuidFlag.CRASHED_PRIMARY);
    peerCrashed = peer.has(UuidFlag.CRASHED_PRIMARY);
    ownLostQuorum = own.has(UuidFlag.PRIMARY_LOST_QUORUM);
    peerLostQuorum = peer.has(UuidFlag.PRIMARY_LOST_QUORUM);
  }

  static Comparison compare(SyncFacts<Generations> facts) {
    return new EqualData(facts).compare();
  }

  private Comparison compare() {
    boolean bothReconnect = ownReconnects && peerReconnects;
    if (bothReconnect && terms.protocolVersion() >= 120) {
      return matched(Strategy.NO_SYNC, Rule9.RECONNECTED);
    }
    boolean acknowledgedMore = terms.protocolVersion() >= 121 && terms.acknowledgesEarly();
    if (acknowledgedMore && ownCrashed != peerCrashed) {
      return matched(
          ownCrashed ? Strategy.SOURCE_USE_BITMAP : Strategy.TARGET_USE_BITMAP,
          Rule9.CRASHED_PRIMARY);
    }
    if (ownLostQuorum || peerLostQuorum) {
      boolean source = ownLostQuorum && (!peerLostQuorum || terms.acceptedControl());
      return matched(ifBothFailed(source), Rule9.LOST_QUORUM);
    }
    if (bothReconnect) {
      return matched(Strategy.NO_SYNC, Rule9.RECONNECTED);
    }
    return ownReconnects || peerReconnects ? oneWasRunning() : bothWereOff();
  }

  /** Rows 15 to 17; DRBD logs them under the name of the last rule that it tried. */
  private Comparison oneWasRunning() {
    Rule9 rule = terms.protocolVersion() >= 120 ? Rule9.LOST_QUORUM : Rule9.RECONNECTED;
    if (peerCrashed && ownReconnects) {
      return matched(Strategy.SOURCE_IF_BOTH_FAILED, rule);
    }
    if (ownCrashed && peerReconnects) {
      return matched(Strategy.TARGET_IF_BOTH_FAILED, rule);
    }
    return matched(Strategy.NO_SYNC, rule);
  }

  /** Rows 18 to 21. */
  private Comparison bothWereOff() {
    if (!ownCrashed && !peerCrashed) {
      return matched(Strategy.NO_SYNC, Rule9.BOTH_OFF);
    }
    boolean source = ownCrashed && (!peerCrashed || !terms.acceptedControl());
    return matched(ifBothFailed(source), Rule9.BOTH_OFF);
  }

  private static Strategy ifBothFailed(boolean source) {
    return source ? Strategy.SOURCE_IF_BOTH_FAILED : Strategy.TARGET_IF_BOTH_FAILED;
  }

  private static Comparison matched(Strategy strategy, Rule9 rule) {
    return new Comparison(strategy, rule, Comparison.NO_NODE, List.of());
  }
}
