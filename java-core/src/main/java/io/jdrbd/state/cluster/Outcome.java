package io.jdrbd.state.cluster;

import io.jdrbd.state.StateError;
import java.util.List;

/** What a wanted change comes to. */
public sealed interface Outcome {

  /**
   * It is in force when the caller takes {@code after} for the present state and carries out the
   * effects, in their order.
   *
   * @param before the state until now
   * @param after the new state, with all that follows from the change
   * @param effects what is to be done
   * @param reasons what followed by itself, and why; for logs
   */
  record Changed(
      ResourceSnapshot before, ResourceSnapshot after, List<Effect> effects, List<String> reasons)
      implements Outcome {
    /** Copies the lists. */
    public Changed {
      effects = List.copyOf(effects);
      reasons = List.copyOf(reasons);
    }
  }

  /** Everything stays as it is, and that is fine. */
  record Unchanged(ResourceSnapshot state) implements Outcome {}

  /**
   * Everything stays as it is, because a rule stands against the change.
   *
   * @param error the code that DRBD's tools and peers know
   * @param reason the facts, for people
   */
  record Refused(StateError error, String reason) implements Outcome {
    @Override
    public String toString() {
      return "(%d) %s: %s".formatted(error.code(), error.text(), reason);
    }
  }
}
