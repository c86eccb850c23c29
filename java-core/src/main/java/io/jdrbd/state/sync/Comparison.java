package io.jdrbd.state.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison of generation identifiers came to.
 *
 * @param strategy what should be done
 * @param rule the row that matched
 * @param node the third node whose bitmap is meant, for the strategies that name one; else -1
 * @param changes to the identifiers, in order
 */
public record Comparison(Strategy strategy, SyncRule rule, int node, List<UuidChange> changes) {
  /** No third node. */
  static final int NO_NODE = -1;

  public Comparison {
    changes = List.copyOf(changes);
  }

  static Optional<Comparison> of(Strategy strategy, SyncRule rule, UuidChange... changes) {
    return Optional.of(new Comparison(strategy, rule, NO_NODE, List.of(changes)));
  }

  static Optional<Comparison> through(int node, Strategy strategy, SyncRule rule) {
    return Optional.of(new Comparison(strategy, rule, node, List.of()));
  }

  Comparison with(Strategy changed) {
    return new Comparison(changed, rule, node, changes);
  }

  Comparison through(int third) {
    return new Comparison(strategy, rule, third, changes);
  }

  Comparison with(UuidChange change) {
    List<UuidChange> all = new ArrayList<>(changes);
    all.add(change);
    return new Comparison(strategy, rule, node, all);
  }
}
