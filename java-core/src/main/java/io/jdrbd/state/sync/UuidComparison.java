package io.jdrbd.state.sync;

import static io.jdrbd.metadata.rules.Generations.plain;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;
import java.util.List;
import java.util.Optional;

/** The table of DRBD 9 (spec 3.6.1): the first row that matches decides. */
final class UuidComparison {
  /** What a node sends for a slot that it does not have, without the Primary bit. */
  static final long NO_SLOT = plain(-1L);

  private static final int ALL_SLOTS_COUNT = 116;

  private final SyncFacts<Generations> facts;
  private final MissedEnd missedEnd;
  private final long ownCurrent;
  private final long peerCurrent;
  private final long ownSlot;
  private final long peerSlot;
  private final List<Long> ownHistory;
  private final List<Long> peerHistory;

  private UuidComparison(SyncFacts<Generations> facts, MissedEnd missedEnd) {
    Generations own = facts.own().uuids();
    Generations peer = facts.peer().uuids();
    this.facts = facts;
    this.missedEnd = missedEnd;
    ownCurrent = orJustCreated(plain(own.current()));
    peerCurrent = orJustCreated(plain(peer.current()));
    ownSlot = plain(own.bitmap().get(peer.nodeId()));
    peerSlot = plain(peer.bitmap().get(own.nodeId()));
    ownHistory = own.history().stream().map(Generations::plain).toList();
    peerHistory = peer.history().stream().map(Generations::plain).toList();
  }

  static Comparison compare(SyncFacts<Generations> facts, MissedEnd missedEnd) {
    return new UuidComparison(facts, missedEnd).compare();
  }

  private static long orJustCreated(long uuid) {
    return uuid == 0 ? Superblock.UUID_JUST_CREATED : uuid;
  }

  private Comparison compare() {
    if (facts.terms().factsChanged() && facts.terms().isDrbd9()) {
      return matched(Strategy.RETRY_CONNECT, Rule9.INITIAL_HANDSHAKE_CHANGED);
    }
    boolean ownIsNew = ownCurrent == Superblock.UUID_JUST_CREATED;
    boolean peerIsNew = peerCurrent == Superblock.UUID_JUST_CREATED;
    if (ownIsNew && peerIsNew) {
      return matched(Strategy.NO_SYNC, Rule9.JUST_CREATED_BOTH);
    }
    if (ownIsNew) {
      return matched(Strategy.TARGET_SET_BITMAP, Rule9.JUST_CREATED_SELF);
    }
    if (peerIsNew) {
      return matched(Strategy.SOURCE_SET_BITMAP, Rule9.JUST_CREATED_PEER);
    }
    return ownCurrent == peerCurrent ? sameData() : differentData();
  }

  private Comparison sameData() {
    return endMissedTowards84().or(this::endMissed).orElseGet(() -> EqualData.compare(facts));
  }

  /** Rows 4 and 5. */
  private Optional<Comparison> endMissedTowards84() {
    if (facts.terms().isDrbd9() || (ownSlot == 0) == (peerSlot == 0)) {
      return Optional.empty();
    }
    if (isBefore(91)) {
      return Comparison.of(Strategy.REQUIRES_PROTO_91, Rule9.JUST_CREATED_PEER);
    }
    if (peerSlot == 0) {
      return ownSlot == peerHistory.getFirst() && ownHistory.get(0).equals(peerHistory.get(1))
          ? Comparison.of(
              Strategy.SOURCE_USE_BITMAP, Rule9.SYNC_SOURCE_MISSED_FINISH, UuidChange.OWN_END)
          : Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule9.SYNC_SOURCE_PEER_MISSED_FINISH);
    }
    return ownHistory.getFirst() == peerSlot && ownHistory.get(1).equals(peerHistory.get(0))
        ? Comparison.of(
            Strategy.TARGET_USE_BITMAP, Rule9.SYNC_TARGET_PEER_MISSED_FINISH, UuidChange.PEER_END)
        : Comparison.of(Strategy.TARGET_USE_BITMAP, Rule9.SYNC_TARGET_MISSED_FINISH);
  }

  /** Rows 6 and 7. */
  private Optional<Comparison> endMissed() {
    return switch (missedEnd) {
      case BY_THIS_SOURCE ->
          Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule9.SYNC_SOURCE_MISSED_FINISH);
      case BY_PEER ->
          Comparison.of(Strategy.TARGET_USE_BITMAP, Rule9.SYNC_TARGET_PEER_MISSED_FINISH);
      case NONE -> Optional.empty();
    };
  }

  private Comparison differentData() {
    return peerIsAhead()
        .or(this::ownIsAhead)
        .or(this::onlyHistoryKnows)
        .orElseGet(this::bothMovedOn);
  }

  /** Rows 22 to 24. */
  private Optional<Comparison> peerIsAhead() {
    if (ownCurrent == peerSlot) {
      return Comparison.of(Strategy.TARGET_USE_BITMAP, Rule9.BITMAP_PEER);
    }
    int node = slotWith(ownCurrent, facts.peer().uuids().bitmap(), -1L);
    if (node >= 0) {
      return Comparison.through(node, Strategy.TARGET_CLEAR_BITMAP, Rule9.BITMAP_PEER_OTHER);
    }
    boolean missedStart =
        !facts.terms().isDrbd9()
            && ownCurrent == peerHistory.getFirst()
            && startedFrom(peerHistory.getFirst(), peerSlot, ownHistory.get(0), peerHistory.get(1));
    if (missedStart && isBefore(91)) {
      return Comparison.of(Strategy.REQUIRES_PROTO_91, Rule9.SYNC_TARGET_MISSED_START);
    }
    return missedStart
        ? Comparison.of(
            Strategy.TARGET_USE_BITMAP, Rule9.SYNC_TARGET_MISSED_START, UuidChange.PEER_START)
        : Optional.empty();
  }

  /** Rows 25 to 27. */
  private Optional<Comparison> ownIsAhead() {
    long raw = plain(facts.peer().uuids().current());
    if (ownSlot == raw) {
      return Comparison.of(Strategy.SOURCE_USE_BITMAP, Rule9.BITMAP_SELF);
    }
    long allocated = isBefore(ALL_SLOTS_COUNT) ? facts.terms().ownSlots() : -1L;
    int node = slotWith(raw, facts.own().uuids().bitmap(), allocated);
    if (node >= 0) {
      return Comparison.through(node, Strategy.SOURCE_COPY_BITMAP, Rule9.BITMAP_SELF_OTHER);
    }
    boolean missedStart =
        !facts.terms().isDrbd9()
            && ownHistory.getFirst() == raw
            && startedFrom(ownHistory.getFirst(), ownSlot, ownHistory.get(1), peerHistory.get(0));
    if (missedStart && isBefore(91)) {
      return Comparison.of(Strategy.REQUIRES_PROTO_91, Rule9.SYNC_SOURCE_MISSED_START);
    }
    return missedStart
        ? Comparison.of(
            Strategy.SOURCE_USE_BITMAP, Rule9.SYNC_SOURCE_MISSED_START, UuidChange.OWN_START)
        : Optional.empty();
  }

  /** Whether the slot is what a resync makes of a generation; before 96 it was a random value. */
  private boolean startedFrom(long generation, long slot, long oneHistory, long otherHistory) {
    return isBefore(96)
        ? oneHistory == otherHistory
        : slot == plain(generation + Generations84.SYNC_STEP);
  }

  /** Rows 28 and 29. */
  private Optional<Comparison> onlyHistoryKnows() {
    boolean peerPassedHere = isIn(ownCurrent, peerHistory);
    boolean ownPassedThere = isIn(plain(facts.peer().uuids().current()), ownHistory);
    if (peerPassedHere == ownPassedThere) {
      return Optional.empty();
    }
    return peerPassedHere
        ? Comparison.of(Strategy.TARGET_SET_BITMAP, Rule9.HISTORY_PEER)
        : Comparison.of(Strategy.SOURCE_SET_BITMAP, Rule9.HISTORY_SELF);
  }

  /** Rows 30 to 32. */
  private Comparison bothMovedOn() {
    if (ownSlot == peerSlot && ownSlot != 0) {
      return matched(Strategy.SPLIT_BRAIN_AUTO_RECOVER, Rule9.BITMAP_BOTH);
    }
    boolean commonPast =
        ownHistory.stream().takeWhile(uuid -> uuid != 0).anyMatch(uuid -> isIn(uuid, peerHistory));
    return matched(
        commonPast ? Strategy.SPLIT_BRAIN_DISCONNECT : Strategy.UNRELATED_DATA, Rule9.HISTORY_BOTH);
  }

  private static boolean isIn(long uuid, List<Long> history) {
    return history.stream().takeWhile(known -> known != 0).anyMatch(known -> known == uuid);
  }

  private static int slotWith(long uuid, List<Long> slots, long allocated) {
    for (int node = 0; node < slots.size(); node++) {
      boolean isAllocated = (allocated >>> node & 1) != 0;
      long slot = plain(slots.get(node));
      if (isAllocated && slot != NO_SLOT && slot == uuid) {
        return node;
      }
    }
    return Comparison.NO_NODE;
  }

  private boolean isBefore(int version) {
    return facts.terms().protocolVersion() < version;
  }

  private static Comparison matched(Strategy strategy, Rule9 rule) {
    return new Comparison(strategy, rule, Comparison.NO_NODE, List.of());
  }
}
