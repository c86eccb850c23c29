package io.jdrbd.plan;

import java.util.List;
import java.util.Set;

/**
 * Steps that belong together.
 *
 * @param resource whose they are
 * @param command by which it is known to people
 * @param stage its turn in a plan with stages
 * @param order how one step follows another
 */
public record Task(String resource, String command, Stage stage, Order order, List<Step> steps) {
  public Task {
    steps = List.copyOf(steps);
  }

  /** How steps follow each other. */
  public sealed interface Order {
    /** Each one if the one before has succeeded. */
    record Chain() implements Order {}

    /** All of them; only the first one's result counts. */
    record FirstCounts() implements Order {}

    /**
     * The first; if it fails, each of the others if the one before has succeeded.
     *
     * @param finals exit codes of the first after which nothing else is tried
     */
    record OrElse(Set<Integer> finals) implements Order {
      public OrElse {
        finals = Set.copyOf(finals);
      }
    }
  }

  static Task chain(String resource, String command, Stage stage, Step... steps) {
    return new Task(resource, command, stage, new Order.Chain(), List.of(steps));
  }
}
