package io.jdrbd.cli;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;

/**
 * How the value of a {@code key:value} word is shown on a terminal.
 *
 * @param escape the terminal's sequence; empty for no change
 */
record Paint(String escape) {
  private static final String RESET = "\u001b[0m";
  private static final Paint PLAIN = new Paint("");
  private static final Paint BOLD = new Paint("\u001b[1m");
  private static final Paint GOOD = new Paint("\u001b[32m");
  private static final Paint PASSING = new Paint("\u001b[33m");
  private static final Paint BAD = new Paint("\u001b[1;31m");

  static Paint plain() {
    return PLAIN;
  }

  static Paint of(Role role) {
    return role == Role.PRIMARY ? BOLD : PLAIN;
  }

  static Paint of(DiskState disk) {
    return switch (disk) {
      case UP_TO_DATE -> GOOD;
      case ATTACHING, DETACHING, NEGOTIATING, CONSISTENT, D_UNKNOWN -> PASSING;
      case DISKLESS, FAILED, INCONSISTENT, OUTDATED -> BAD;
    };
  }

  static Paint of(ConnectionState connection) {
    return switch (connection) {
      case CONNECTED -> GOOD;
      case CONNECTING, UNCONNECTED, DISCONNECTING -> PASSING;
      case STANDALONE, TIMEOUT, BROKEN_PIPE, NETWORK_FAILURE, PROTOCOL_ERROR, TEAR_DOWN -> BAD;
    };
  }

  static Paint of(ReplicationState replication) {
    return switch (replication) {
      case ESTABLISHED -> GOOD;
      case OFF, AHEAD, BEHIND -> BAD;
      case STARTING_SYNC_S,
          STARTING_SYNC_T,
          WF_BITMAP_S,
          WF_BITMAP_T,
          WF_SYNC_UUID,
          SYNC_SOURCE,
          SYNC_TARGET,
          VERIFY_S,
          VERIFY_T,
          PAUSED_SYNC_S,
          PAUSED_SYNC_T ->
          PASSING;
    };
  }

  /** The word with what follows its first colon painted. */
  String on(String word) {
    int colon = word.indexOf(':');
    return escape.isEmpty() || colon < 0
        ? word
        : word.substring(0, colon + 1) + escape + word.substring(colon + 1) + RESET;
  }
}
