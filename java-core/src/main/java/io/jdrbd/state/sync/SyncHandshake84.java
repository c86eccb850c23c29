package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations84;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.SplitBrainPolicy;
import io.jdrbd.state.sync.SplitBrain.Solution;
import java.util.List;

/** Decides what two nodes do about their differences, as DRBD 8.4 does (spec 3.6.7). */
public final class SyncHandshake84 {
  private final SyncFacts<Generations84> facts;
  private final SyncTerms terms;
  private final Deliberation so;

  private SyncHandshake84(SyncFacts<Generations84> facts) {
    this.facts = facts;
    terms = facts.terms();
    Comparison comparison = UuidComparison84.compare(facts);
    so = new Deliberation(comparison, List.of(), Explanation.of84(facts));
  }

  /**
   * Decides.
   *
   * @param facts what the two said of themselves in this handshake
   */
  public static SyncDecision decide(SyncFacts<Generations84> facts) {
    return new SyncHandshake84(facts).decide();
  }

  private SyncDecision decide() {
    switch (so.strategy()) {
      case UNRELATED_DATA, REQUIRES_PROTO_91, REQUIRES_WRITE_SAME -> {
        return so.ends(terms);
      }
      default -> {}
    }
    disksHaveTheirSay();
    solveSplitBrain();
    if (so.strategy().isSplitBrain()) {
      so.act(SyncAction.HANDLER_SPLIT_BRAIN);
      return so.ends(terms);
    }
    if (so.strategy().isSource() && !facts.own().disk().isAbove(DiskState.INCONSISTENT)) {
      so.note("this node would be the source, but its disk is Inconsistent");
      return so.ends(terms);
    }
    if (primaryIsInTheWay()) {
      return so.ends(terms);
    }
    if (Math.abs(so.strategy().number84()) >= 2) {
      so.act(SyncAction.SET_BITMAP);
    }
    return so.replicates(terms, facts.own().role(), facts.peer().role());
  }

  /** Step 2; it also overrides a split brain. */
  private void disksHaveTheirSay() {
    DiskState own = facts.own().disk();
    DiskState peer = facts.peer().disk();
    boolean decides =
        DiskStateRule.exactlyOneIs(DiskState.INCONSISTENT, own, peer)
            && facts.own().isAtLeast(DiskState.INCONSISTENT)
            && facts.peer().isAtLeast(DiskState.INCONSISTENT);
    if (!decides) {
      return;
    }
    int number = so.strategy().number84();
    boolean full = number == -100 || Math.abs(number) == 2;
    Strategy better = own.isAbove(peer) ? Strategy.SOURCE_USE_BITMAP : Strategy.TARGET_USE_BITMAP;
    so.becomes(
        full ? better.full() : better,
        "the disks differ: %s here, %s there".formatted(own.word(), peer.word()));
  }

  /** Steps 3 to 5. */
  private void solveSplitBrain() {
    if (!so.strategy().isSplitBrain()) {
      return;
    }
    so.act(SyncAction.HANDLER_INITIAL_SPLIT_BRAIN);
    boolean full = so.strategy() == Strategy.SPLIT_BRAIN_DISCONNECT;
    if (!full || terms.policies().always()) {
      Solution solution =
          SplitBrain.solve(
              SplitBrain.Facts.of(
                  facts, facts.own().uuids().bitmap(), facts.peer().uuids().bitmap()));
      solution.actions().forEach(so::act);
      Strategy chosen = solution.winner().strategy();
      so.becomes(full ? chosen.full() : chosen, solution.option());
    }
    boolean own = facts.own().has(UuidFlag.DISCARD_MY_DATA);
    boolean peer = facts.peer().has(UuidFlag.DISCARD_MY_DATA);
    if (so.strategy() == Strategy.SPLIT_BRAIN_DISCONNECT && own != peer) {
      so.becomes(
          own ? Strategy.TARGET_USE_BITMAP : Strategy.SOURCE_USE_BITMAP,
          "discard-my-data was asked for");
    }
  }

  /** Step 8. */
  private boolean primaryIsInTheWay() {
    boolean conflict =
        so.strategy().isTarget()
            && facts.own().isPrimary()
            && terms.occasion() != SyncOccasion.OWN_ATTACH
            && facts.own().isAtLeast(DiskState.CONSISTENT);
    if (!conflict) {
      return false;
    }
    SplitBrainPolicy policy = terms.policies().resyncConflict();
    if (policy == SplitBrainPolicy.VIOLENTLY) {
      so.note("rr-conflict violently: the Primary's data is replaced");
      return false;
    }
    if (policy == SplitBrainPolicy.CALL_PRI_LOST) {
      so.act(SyncAction.HANDLER_PRI_LOST);
    }
    so.becomes(
        policy == SplitBrainPolicy.RETRY_CONNECT
            ? Strategy.TARGET_PRIMARY_RECONNECT
            : Strategy.TARGET_PRIMARY_DISCONNECT,
        "this node is Primary, and a target's data changes under its users");
    return true;
  }
}
