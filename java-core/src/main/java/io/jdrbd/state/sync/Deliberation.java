package io.jdrbd.state.sync;

import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.ArrayList;
import java.util.List;

/** A decision in the making: what the strategy is by now, and how it came to that. */
final class Deliberation {
  private final Comparison comparison;
  private final Explanation explanation;
  private final List<SyncAction> actions = new ArrayList<>();
  private final List<UuidChange> changes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Strategy strategy;
  private int node;

  Deliberation(Comparison comparison, List<UuidChange> earlier, Explanation explanation) {
    this.comparison = comparison;
    this.explanation = explanation;
    strategy = comparison.strategy();
    node = comparison.node();
    changes.addAll(earlier);
    changes.addAll(comparison.changes());
  }

  Strategy strategy() {
    return strategy;
  }

  /** The comparison with the strategy that counts by now. */
  Comparison current() {
    return comparison.with(strategy).through(node);
  }

  boolean is(Strategy expected, SyncRule rule) {
    return strategy == expected && comparison.rule() == rule;
  }

  void becomes(Strategy changed, String why) {
    becomes(changed, Comparison.NO_NODE, why);
  }

  void becomes(Strategy changed, int third, String why) {
    strategy = changed;
    node = third;
    note(why + " => " + changed.word());
  }

  void note(String why) {
    notes.add(why);
  }

  void act(SyncAction action) {
    actions.add(action);
  }

  void change(UuidChange change) {
    changes.add(change);
  }

  /** The two do not come together. */
  SyncDecision ends(SyncTerms terms) {
    if (terms.occasion().isAttach()) {
      return decided(new SyncOutcome.NoResult());
    }
    boolean retry =
        strategy == Strategy.RETRY_CONNECT || strategy == Strategy.TARGET_PRIMARY_RECONNECT;
    return decided(retry ? new SyncOutcome.Retry() : new SyncOutcome.Disconnect());
  }

  /** The two replicate (spec 3.7.1). */
  SyncDecision replicates(SyncTerms terms, Role own, Role peer) {
    if (terms.dryRun()) {
      note("only a dry run was asked for");
      return decided(new SyncOutcome.Disconnect());
    }
    return decided(SyncOutcome.replicate(state(own, peer)));
  }

  private ReplicationState state(Role own, Role peer) {
    boolean somebodyIsPrimary = own == Role.PRIMARY || peer == Role.PRIMARY;
    if (strategy.isIfBothFailed() && somebodyIsPrimary) {
      if (peer != Role.PRIMARY) {
        return ReplicationState.WF_BITMAP_S;
      }
      return own == Role.PRIMARY ? ReplicationState.ESTABLISHED : ReplicationState.WF_BITMAP_T;
    }
    if (strategy.isSource()) {
      return ReplicationState.WF_BITMAP_S;
    }
    return strategy.isTarget() ? ReplicationState.WF_BITMAP_T : ReplicationState.ESTABLISHED;
  }

  private SyncDecision decided(SyncOutcome outcome) {
    return new SyncDecision(
        comparison,
        strategy,
        node,
        outcome,
        actions,
        changes,
        explanation.text(comparison, notes, outcome));
  }
}
