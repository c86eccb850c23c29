package io.jdrbd.state.sync;

import static io.jdrbd.metadata.rules.Generations.plain;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.Generations84;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** The table of DRBD 8.4 (spec 3.6.6): the first row that matches decides. */
final class UuidComparison84 {
  private final SyncFacts<Generations84> facts;
  private final SyncTerms terms;
  private final Generations84 own;
  private final Generations84 peer;

  private UuidComparison84(SyncFacts<Generations84> facts) {
    this.facts = facts;
    terms = facts.terms();
    own = plainSet(facts.own().uuids());
    peer = plainSet(facts.peer().uuids());
  }

  static Comparison compare(SyncFacts<Generations84> facts) {
    return new UuidComparison84(facts).compare();
  }

  private static Generations84 plainSet(Generations84 set) {
    return new Generations84(
        plain(set.current()), plain(set.bitmap()), plain(set.younger()), plain(set.older()));
  }

  private static boolean isNew(Generations84 set) {
    return set.current() == Superblock.UUID_JUST_CREATED || set.current() == 0;
  }

  private Comparison compare() {
    long created = Superblock.UUID_JUST_CREATED;
    if (own.current() == created && peer.current() == created) {
      return matched(Strategy.NO_SYNC, Rule84.RULE_10);
    }
    if (isNew(own) && peer.current() != created) {
      return matched(Strategy.TARGET_SET_BITMAP, Rule84.RULE_20);
    }
    if (own.current() != created && isNew(peer)) {
      return matched(Strategy.SOURCE_SET_BITMAP, Rule84.RULE_30);
    }
    if (own.current() == peer.current()) {
      return endMissed().orElseGet(this::crashed);
    }
    return peerIsAhead().or(this::ownIsAhead).orElseGet(this::bothMovedOn);
  }

  private Optional<Comparison> endMissed() {
    if ((own.bitmap() == 0) == (peer.bitmap() == 0)) {
      return Optional.empty();
    }
    if (terms.protocolVersion() < 91) {
      return Comparison.of(Strategy.REQUIRES_PROTO_91, Rule84.RULE_30);
    }
    if (peer.bitmap() == 0) {
      return own.bitmap() == peer.younger() && own.younger() == peer.older()
          ? Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule84.RULE_34, UuidChange.OWN_END)
          : Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule84.RULE_36);
    }
    return own.younger() == peer.bitmap() && own.older() == peer.younger()
        ? Comparison.of(Strategy.TARGET_USE_BITMAP, Rule84.RULE_35, UuidChange.PEER_END)
        : Comparison.of(Strategy.TARGET_USE_BITMAP, Rule84.RULE_37);
  }

  /** Rules 40 and 41. */
  private Comparison crashed() {
    boolean ownCrashed = facts.own().has(UuidFlag.CRASHED_PRIMARY);
    boolean peerCrashed = facts.peer().has(UuidFlag.CRASHED_PRIMARY);
    if (!ownCrashed && !peerCrashed) {
      return matched(Strategy.NO_SYNC, Rule84.RULE_40);
    }
    boolean ownPrimary = facts.own().isPrimary();
    boolean peerPrimary = facts.peer().isPrimary();
    if (!ownPrimary && !peerPrimary) {
      boolean source = ownCrashed && (!peerCrashed || !terms.acceptedControl());
      return matched(useBitmap(source), Rule84.RULE_40);
    }
    if (!terms.writeSame()) {
      return matched(Strategy.REQUIRES_WRITE_SAME, Rule84.RULE_41);
    }
    return ownPrimary && peerPrimary
        ? matched(Strategy.SPLIT_BRAIN_DISCONNECT, Rule84.RULE_41)
        : matched(useBitmap(ownPrimary), Rule84.RULE_41);
  }

  private static Strategy useBitmap(boolean source) {
    return source ? Strategy.SOURCE_USE_BITMAP : Strategy.TARGET_USE_BITMAP;
  }

  /** Rules 50 to 60. */
  private Optional<Comparison> peerIsAhead() {
    if (own.current() == peer.bitmap()) {
      return Comparison.of(Strategy.TARGET_USE_BITMAP, Rule84.RULE_50);
    }
    if (own.current() == peer.younger() && startMissed(peer, own.younger(), peer.older())) {
      return terms.protocolVersion() < 91
          ? Comparison.of(Strategy.REQUIRES_PROTO_91, Rule84.RULE_51)
          : Comparison.of(Strategy.TARGET_USE_BITMAP, Rule84.RULE_51, UuidChange.PEER_START);
    }
    return own.current() == peer.younger() || own.current() == peer.older()
        ? Comparison.of(Strategy.TARGET_SET_BITMAP, Rule84.RULE_60)
        : Optional.empty();
  }

  /** Rules 70 to 80. */
  private Optional<Comparison> ownIsAhead() {
    if (own.bitmap() == peer.current()) {
      return Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule84.RULE_70);
    }
    if (own.younger() == peer.current() && startMissed(own, own.older(), peer.younger())) {
      return terms.protocolVersion() < 91
          ? Comparison.of(Strategy.REQUIRES_PROTO_91, Rule84.RULE_71)
          : Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule84.RULE_71, UuidChange.OWN_START);
    }
    return peer.current() == own.younger() || peer.current() == own.older()
        ? Comparison.of(Strategy.SOURCE_SET_BITMAP, Rule84.RULE_80)
        : Optional.empty();
  }

  /** Whether a resync was begun of which the target did not learn. */
  private boolean startMissed(Generations84 source, long oneHistory, long otherHistory) {
    return terms.protocolVersion() >= 96
        ? source.bitmap() == plain(source.younger() + Generations84.SYNC_STEP)
        : oneHistory == otherHistory;
  }

  /** Rules 90 and 100. Two empty entries of the histories count as equal in 8.4. */
  private Comparison bothMovedOn() {
    if (own.bitmap() == peer.bitmap() && own.bitmap() != 0) {
      return matched(Strategy.SPLIT_BRAIN_AUTO_RECOVER, Rule84.RULE_90);
    }
    boolean commonPast =
        LongStream.of(own.younger(), own.older())
            .anyMatch(uuid -> uuid == peer.younger() || uuid == peer.older());
    return matched(
        commonPast ? Strategy.SPLIT_BRAIN_DISCONNECT : Strategy.UNRELATED_DATA, Rule84.RULE_100);
  }

  private static Comparison matched(Strategy strategy, Rule84 rule) {
    return new Comparison(strategy, rule, Comparison.NO_NODE, List.of());
  }
}
