package io.jdrbd.state.sync;

import java.util.List;

/**
 * A decision about a resync, with its reason.
 *
 * @param comparison what the generation identifiers say, and how they change
 * @param strategy what is done, after policies and disk states had their say
 * @param node the third node whose bitmap is meant; else -1
 * @param outcome what follows for the connection
 * @param actions to be done first, in order
 * @param reason for people: the rule, both sides' facts, what else had a say, and what would be
 *     lost either way
 */
public record SyncDecision(
    Comparison comparison,
    Strategy strategy,
    int node,
    SyncOutcome outcome,
    List<SyncAction> actions,
    List<UuidChange> changes,
    String reason) {
  public SyncDecision {
    actions = List.copyOf(actions);
    changes = List.copyOf(changes);
  }
}
