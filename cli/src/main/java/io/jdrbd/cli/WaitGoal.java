package io.jdrbd.cli;

import io.jdrbd.state.ReplicationState;

/** What {@code wait-...} waits for (spec 7, section 8.3). */
enum WaitGoal {
  /** All peer devices replicate. */
  CONNECT("wait-connect", "Wait until all peer devices replicate."),
  /** No peer device does anything but replicate. */
  SYNC("wait-sync", "Wait until no peer device is synchronised any more.");

  private final String word;
  private final String description;

  WaitGoal(String word, String description) {
    this.word = word;
    this.description = description;
  }

  /** How the commands begin. */
  String word() {
    return word;
  }

  /** One line for the help. */
  String description() {
    return description;
  }

  /** Whether a peer device in that state is what is waited for. */
  boolean isReached(ReplicationState state) {
    return switch (this) {
      case CONNECT -> state.compareTo(ReplicationState.ESTABLISHED) >= 0;
      case SYNC -> state == ReplicationState.ESTABLISHED;
    };
  }
}
