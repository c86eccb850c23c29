package io.jdrbd.metadata.format;

import java.util.List;

/** What reading back an activity log tells: which extents may have had writes in flight. */
public sealed interface ActiveSet {

  /** The log was initialised and nothing was written to it since. */
  record Empty() implements ActiveSet {}

  /**
   * Extents that may differ.
   *
   * @param extents each once, ascending, unsigned
   */
  record Active(List<Integer> extents) implements ActiveSet {
    public Active {
      extents = List.copyOf(extents);
    }
  }

  /**
   * The log tells nothing.
   *
   * @param problem what is wrong with it
   * @param anyValid whether at least one block was valid
   */
  record Unusable(String problem, boolean anyValid) implements ActiveSet {}
}
