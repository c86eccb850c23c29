package io.jdrbd.state.sync;

import static io.jdrbd.metadata.rules.Generations.plain;

import io.jdrbd.metadata.rules.Generations;
import java.util.List;

/** Whether one side did not learn that a resync between the two was complete (spec 3.6.2). */
enum MissedEnd {
  NONE,
  /** This node was its source. */
  BY_THIS_SOURCE,
  /** The peer was its source. */
  BY_PEER;

  /** From this version on an end that left no dirty bits needs no second resync. */
  private static final int ENDS_WITHOUT_BITS = 124;

  /** What was detected, and what it changes in the own identifiers. */
  record Detection(MissedEnd mark, List<UuidChange> changes) {}

  private static final Detection NOTHING = new Detection(NONE, List.of());

  static Detection detect(SyncFacts<Generations> facts) {
    Generations own = facts.own().uuids();
    Generations peer = facts.peer().uuids();
    boolean resolved =
        facts.own().has(UuidFlag.SYNC_TARGET) || facts.peer().has(UuidFlag.SYNC_TARGET);
    if (!facts.terms().isDrbd9() || resolved || plain(own.current()) != plain(peer.current())) {
      return NOTHING;
    }
    long ownSlot = plain(own.bitmap().get(peer.nodeId()));
    long peerSlot = plain(peer.bitmap().get(own.nodeId()));
    long current = plain(peer.current());
    boolean marks =
        !facts.bothHaveNoDirtyBits() || facts.terms().protocolVersion() < ENDS_WITHOUT_BITS;
    if (peerSlot != 0 && ownSlot == 0 && peerSlot != current) {
      return marks ? new Detection(BY_PEER, List.of()) : NOTHING;
    }
    if (peerSlot == 0 && ownSlot != 0 && ownSlot != current) {
      return new Detection(
          marks ? BY_THIS_SOURCE : NONE,
          facts.bothHaveNoDirtyBits() ? List.of(UuidChange.OWN_END) : List.of());
    }
    return NOTHING;
  }
}
