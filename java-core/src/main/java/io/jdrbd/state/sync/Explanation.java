package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;
import java.util.List;

/**
 * A decision in words.
 *
 * @param own what counts of this node
 * @param peer what counts of the peer
 * @param ownBits blocks that differ by this node's bitmap
 * @param peerBits blocks that differ by the peer's
 */
record Explanation(String own, String peer, long ownBits, long peerBits) {
  private static final long KIB_PER_BIT = 4;

  static Explanation of(SyncFacts<Generations> facts) {
    Generations own = facts.own().uuids();
    Generations peer = facts.peer().uuids();
    return new Explanation(
        side(facts.own(), own.current(), own.bitmap().get(peer.nodeId()), own.history().getFirst()),
        side(
            facts.peer(),
            peer.current(),
            peer.bitmap().get(own.nodeId()),
            peer.history().getFirst()),
        facts.own().dirtyBits(),
        facts.peer().dirtyBits());
  }

  static Explanation of84(SyncFacts<Generations84> facts) {
    Generations84 own = facts.own().uuids();
    Generations84 peer = facts.peer().uuids();
    return new Explanation(
        side(facts.own(), own.current(), own.bitmap(), own.younger()),
        side(facts.peer(), peer.current(), peer.bitmap(), peer.younger()),
        facts.own().dirtyBits(),
        facts.peer().dirtyBits());
  }

  private static String side(SyncSide<?> side, long current, long bitmap, long history) {
    String flags = side.flags().isEmpty() ? "" : " " + side.flags().stream().sorted().toList();
    return "%s, %s, current %016X, bitmap %s, history %016X, %d blocks differ%s"
        .formatted(
            side.role().word(),
            side.disk().word(),
            current,
            bitmap == -1L ? "none" : "%016X".formatted(bitmap),
            history,
            side.dirtyBits(),
            flags);
  }

  String text(Comparison comparison, List<String> notes, SyncOutcome outcome) {
    StringBuilder text = new StringBuilder(200);
    text.append(comparison.strategy().word())
        .append(" by rule ")
        .append(comparison.rule().id())
        .append(": ")
        .append(comparison.rule().text())
        .append(". ");
    notes.forEach(note -> text.append(sentence(note)));
    text.append(ending(outcome)).append(". ");
    if (comparison.strategy().isSplitBrain()) {
      text.append(losses()).append(". ");
    }
    return text.append("This node: %s. Peer: %s.".formatted(own, peer)).toString();
  }

  private static String sentence(String note) {
    return Character.toUpperCase(note.charAt(0)) + note.substring(1) + ". ";
  }

  private static String ending(SyncOutcome outcome) {
    return switch (outcome) {
      case SyncOutcome.Replicate(var state) -> "Replication goes on as " + state.word();
      case SyncOutcome.Disconnect() -> "The connection ends: a person has to decide";
      case SyncOutcome.Retry() -> "The connection is tried again";
      case SyncOutcome.NoResult() -> "The disk that is being attached gets nothing from this peer";
    };
  }

  /** Who would lose what, whichever side gives way. */
  private String losses() {
    return ("Giving up this node's changes loses what it wrote in %d blocks (%d KiB),"
            + " giving up the peer's what that wrote in %d blocks (%d KiB)")
        .formatted(ownBits, ownBits * KIB_PER_BIT, peerBits, peerBits * KIB_PER_BIT);
  }
}
