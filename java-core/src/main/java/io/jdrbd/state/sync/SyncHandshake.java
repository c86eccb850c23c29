package io.jdrbd.state.sync;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.SplitBrainPolicy;
import io.jdrbd.state.sync.SplitBrain.Solution;
import java.util.List;

/**
 * Decides what two nodes do about their differences, as DRBD 9 does (spec 3.6.4, 3.6.5). Both take
 * the decision alone, from what they told each other, and must come to mirrored results.
 */
public final class SyncHandshake {
  private static final int REVERSES_FROM = 121;
  private static final int QUORUM_FROM = 113;
  private static final int ENDS_WITHOUT_BITS = 124;

  private final SyncFacts<Generations> facts;
  private final SyncTerms terms;
  private final Deliberation so;

  private SyncHandshake(SyncFacts<Generations> facts, Deliberation so) {
    this.facts = facts;
    this.terms = facts.terms();
    this.so = so;
  }

  /**
   * Decides.
   *
   * @param told what the two said of themselves in this handshake
   */
  public static SyncDecision decide(SyncFacts<Generations> told) {
    MissedEnd.Detection missed = MissedEnd.detect(told);
    SyncFacts<Generations> facts = told;
    for (UuidChange change : missed.changes()) {
      Generations own = facts.own().uuids();
      facts = facts.with(change.own(own, facts.peer().uuids()), facts.peer().uuids());
    }
    Comparison comparison = UuidComparison.compare(facts, missed.mark());
    Deliberation so = new Deliberation(comparison, missed.changes(), Explanation.of(facts));
    return new SyncHandshake(facts, so).decide();
  }

  private SyncDecision decide() {
    if (isFinal(so.strategy())) {
      return so.ends(facts.terms());
    }
    if (terms.occasion().isAttach()) {
      return decideAttach();
    }
    if (terms.isDrbd9() && terms.protocolVersion() < ENDS_WITHOUT_BITS) {
      emptyResyncOfAnOldPeer();
      if (isFinal(so.strategy())) {
        return so.ends(terms);
      }
    }
    disksHaveTheirSay();
    solveSplitBrain();
    if (so.strategy().isSplitBrain()) {
      so.act(SyncAction.HANDLER_SPLIT_BRAIN);
      return so.ends(terms);
    }
    discardWhereAskedFor();
    protectPrimary();
    mirrorOfProtectedPrimary();
    distrustUnfinishedResync();
    return replicate();
  }

  private SyncDecision decideAttach() {
    if (so.strategy().isSplitBrain()) {
      return so.ends(terms);
    }
    disksHaveTheirSay();
    protectPrimary();
    return isFinal(so.strategy()) ? so.ends(terms) : replicate();
  }

  private static boolean isFinal(Strategy strategy) {
    return switch (strategy) {
      case UNRELATED_DATA,
          RETRY_CONNECT,
          REQUIRES_PROTO_91,
          REQUIRES_PROTO_124,
          REQUIRES_WRITE_SAME,
          TARGET_PRIMARY_DISCONNECT,
          TARGET_PRIMARY_RECONNECT ->
          true;
      default -> false;
    };
  }

  /** Step 2. The peer would start a resync without bits, which nobody needs. */
  private void emptyResyncOfAnOldPeer() {
    if (!facts.bothHaveNoDirtyBits()) {
      return;
    }
    if (so.is(Strategy.SOURCE_USE_BITMAP, Rule9.SYNC_SOURCE_MISSED_FINISH)) {
      so.becomes(Strategy.RETRY_CONNECT, "nothing is left to resync; the next attempt sees that");
    } else if (so.is(Strategy.TARGET_USE_BITMAP, Rule9.SYNC_TARGET_PEER_MISSED_FINISH)
        && facts.own().isPrimary()) {
      so.becomes(
          Strategy.REQUIRES_PROTO_124,
          "nothing is left to resync, but the peer would start one and this node is Primary");
    }
  }

  /** Step 3. */
  private void disksHaveTheirSay() {
    DiskStateRule.apply(so.current(), facts)
        .ifPresent(
            better ->
                so.becomes(
                    better.strategy(),
                    better.node(),
                    "the disks differ: %s here, %s there"
                        .formatted(facts.own().disk().word(), facts.peer().disk().word())));
    if (so.strategy() == Strategy.NO_SYNC) {
      Reconciliation.apply(facts)
          .ifPresent(found -> so.becomes(found.strategy(), found.rule().text()));
    }
  }

  /** Steps 4 to 7. */
  private void solveSplitBrain() {
    boolean stable = isStable(facts.own()) && isStable(facts.peer());
    if (so.strategy() == Strategy.SPLIT_BRAIN_AUTO_RECOVER && !stable) {
      so.becomes(Strategy.NO_SYNC, "a side that follows a Primary is not final: looked at later");
    }
    if (!so.strategy().isSplitBrain()) {
      return;
    }
    so.act(SyncAction.HANDLER_INITIAL_SPLIT_BRAIN);
    boolean full = so.strategy() == Strategy.SPLIT_BRAIN_DISCONNECT;
    if (!full || terms.policies().always()) {
      quorumDecides();
      policyDecides();
      if (full && !so.strategy().isSplitBrain()) {
        so.becomes(so.strategy().full(), "the bitmaps cannot be used: everything is copied");
      }
    }
    Strategy user = userWish();
    if (so.strategy() == Strategy.SPLIT_BRAIN_DISCONNECT && user != Strategy.NO_SYNC) {
      so.becomes(full ? user.full() : user, "discard-my-data was asked for");
    }
  }

  private boolean isStable(SyncSide<Generations> side) {
    return !terms.isDrbd9() || side.has(UuidFlag.STABLE);
  }

  private void quorumDecides() {
    boolean own = facts.own().quorate();
    boolean asked = terms.quorumConfigured() && terms.protocolVersion() >= QUORUM_FROM;
    if (asked && own != facts.peer().quorate()) {
      so.becomes(
          own ? Strategy.SOURCE_USE_BITMAP : Strategy.TARGET_USE_BITMAP,
          own ? "only this node has quorum" : "only the peer has quorum");
    }
  }

  private void policyDecides() {
    if (!so.strategy().isSplitBrain()) {
      return;
    }
    long ownSlot = facts.own().uuids().bitmap().get(facts.peer().uuids().nodeId());
    long peerSlot = facts.peer().uuids().bitmap().get(facts.own().uuids().nodeId());
    Solution solution = SplitBrain.solve(SplitBrain.Facts.of(facts, ownSlot, peerSlot));
    solution.actions().forEach(so::act);
    so.becomes(solution.winner().strategy(), solution.option());
  }

  /** What discard-my-data on one side alone means; no sync if nobody or both asked. */
  private Strategy userWish() {
    boolean own = facts.own().has(UuidFlag.DISCARD_MY_DATA);
    boolean peer = facts.peer().has(UuidFlag.DISCARD_MY_DATA);
    if (own == peer) {
      return Strategy.NO_SYNC;
    }
    return own ? Strategy.TARGET_USE_BITMAP : Strategy.SOURCE_USE_BITMAP;
  }

  /** Step 9: even a side that is newer may be given up, if its administrator says so. */
  private void discardWhereAskedFor() {
    Strategy user = userWish();
    boolean asked =
        terms.protocolVersion() >= REVERSES_FROM
            && user != Strategy.NO_SYNC
            && so.strategy() != Strategy.NO_SYNC
            && user.isSource() != so.strategy().isSource();
    if (!asked) {
      return;
    }
    Strategy reversed = so.strategy().reversed();
    SyncSide<Generations> source = reversed.isSource() ? facts.own() : facts.peer();
    boolean possible = reversed != so.strategy() && source.disk().isAbove(DiskState.INCONSISTENT);
    if (possible) {
      so.becomes(reversed, "discard-my-data was asked for: back to older data");
    } else {
      so.note("discard-my-data is ignored: the other side cannot be the source");
    }
  }

  /** Step 10. */
  private void protectPrimary() {
    boolean conflict =
        so.strategy().isTarget()
            && !so.strategy().isIfBothFailed()
            && facts.own().isPrimary()
            && terms.occasion() != SyncOccasion.OWN_ATTACH
            && facts.own().isAtLeast(DiskState.CONSISTENT)
            && !facts.bothHaveNoDirtyBits();
    if (!conflict) {
      return;
    }
    SplitBrainPolicy policy = terms.policies().resyncConflict();
    String why = "this node is Primary, and a target's data changes under its users";
    switch (policy) {
      case VIOLENTLY -> so.note("rr-conflict violently: the Primary's data is replaced");
      case RETRY_CONNECT -> so.becomes(Strategy.TARGET_PRIMARY_RECONNECT, why);
      case AUTO_DISCARD -> autoDiscard();
      case CALL_PRI_LOST -> {
        so.act(SyncAction.HANDLER_PRI_LOST);
        so.becomes(Strategy.TARGET_PRIMARY_DISCONNECT, why);
      }
      default -> so.becomes(Strategy.TARGET_PRIMARY_DISCONNECT, why);
    }
  }

  private void autoDiscard() {
    boolean connecting = !terms.occasion().isAttach();
    if (connecting && so.is(Strategy.TARGET_USE_BITMAP, Rule9.CRASHED_PRIMARY)) {
      so.becomes(
          Strategy.SOURCE_USE_BITMAP,
          "rr-conflict auto-discard: the crashed node's last writes give way to this Primary");
    }
  }

  /** Step 11, the other side's view of {@link #autoDiscard}. */
  private void mirrorOfProtectedPrimary() {
    boolean mirrored =
        terms.policies().resyncConflict() == SplitBrainPolicy.AUTO_DISCARD
            && so.is(Strategy.SOURCE_USE_BITMAP, Rule9.CRASHED_PRIMARY)
            && facts.peer().isPrimary()
            && facts.peer().isAtLeast(DiskState.CONSISTENT);
    if (mirrored && !facts.own().isPrimary()) {
      so.becomes(
          Strategy.TARGET_USE_BITMAP,
          "rr-conflict auto-discard: this node's last writes give way to the peer, a Primary");
    }
  }

  /** Step 12: what a side without good data says of a finished resync is not to be trusted. */
  private void distrustUnfinishedResync() {
    if (!(so.current().rule() instanceof Rule9 rule) || !rule.isMissedFinish()) {
      return;
    }
    if (so.strategy() == Strategy.SOURCE_USE_BITMAP && !isUpToDate(facts.own())) {
      so.becomes(Strategy.NO_SYNC, "this node's disk is not UpToDate");
    } else if (so.strategy() == Strategy.TARGET_USE_BITMAP && !isUpToDate(facts.peer())) {
      so.change(UuidChange.OWN_END);
      so.becomes(Strategy.NO_SYNC, "the peer's disk is not UpToDate");
    }
  }

  private static boolean isUpToDate(SyncSide<Generations> side) {
    return side.disk() == DiskState.UP_TO_DATE;
  }

  private SyncDecision replicate() {
    if (isFinal(so.strategy())) {
      return so.ends(terms);
    }
    bitmapOperation();
    return so.replicates(terms, facts.own().role(), facts.peer().role());
  }

  /** Spec 3.7.2. */
  private void bitmapOperation() {
    long peerCurrent = facts.peer().uuids().current();
    switch (so.strategy()) {
      case SOURCE_COPY_BITMAP -> so.act(SyncAction.COPY_BITMAP);
      case TARGET_CLEAR_BITMAP -> so.act(SyncAction.CLEAR_BITMAP);
      case TARGET_SET_BITMAP -> so.act(SyncAction.SET_BITMAP);
      case SOURCE_SET_BITMAP -> {
        so.act(SyncAction.SET_BITMAP);
        boolean bothReal =
            List.of(facts.own().uuids().current(), peerCurrent).stream()
                .noneMatch(uuid -> uuid == Superblock.UUID_JUST_CREATED);
        if (bothReal) {
          so.change(UuidChange.OWN_SLOT_NAMES_PEER);
        }
      }
      default -> {}
    }
  }
}
