package io.jdrbd.state.cluster;

import static io.jdrbd.state.ConnectionState.DISCONNECTING;
import static io.jdrbd.state.ConnectionState.STANDALONE;
import static io.jdrbd.state.ConnectionState.UNCONNECTED;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.StateError;
import java.util.Optional;

/** What no change may do (spec 4.4.1). */
final class HardRules {
  private HardRules() {}

  static Optional<Outcome.Refused> check(Draft draft) {
    for (ConnectionSnapshot connection : draft.next().connections().values()) {
      ConnectionState before = draft.oldConnection(connection.peer()).state();
      Optional<StateError> error = connection(before, connection.state());
      if (error.isPresent()) {
        return error.map(e -> refused(e, connection.peer(), before, connection.state()));
      }
    }
    for (VolumeSnapshot volume : draft.next().volumes().values()) {
      boolean failsNothing =
          draft.oldVolume(volume.number()).disk() == DiskState.DISKLESS
              && (volume.disk() == DiskState.FAILED || volume.disk() == DiskState.DETACHING);
      if (failsNothing) {
        return Optional.of(
            new Outcome.Refused(
                StateError.IS_DISKLESS, "volume %d has no disk".formatted(volume.number())));
      }
    }
    return Optional.empty();
  }

  private static Optional<StateError> connection(ConnectionState before, ConnectionState after) {
    if (before == after) {
      return Optional.empty();
    }
    if (before == STANDALONE) {
      return switch (after) {
        case UNCONNECTED -> Optional.empty();
        case DISCONNECTING -> Optional.of(StateError.ALREADY_STANDALONE);
        case STANDALONE,
            TIMEOUT,
            BROKEN_PIPE,
            NETWORK_FAILURE,
            PROTOCOL_ERROR,
            TEAR_DOWN,
            CONNECTING,
            CONNECTED ->
            Optional.of(StateError.NEED_CONNECTION);
      };
    }
    boolean stuck =
        (before.isReason() && after != UNCONNECTED && after != DISCONNECTING)
            || (before == DISCONNECTING && after != STANDALONE);
    return stuck ? Optional.of(StateError.IN_TRANSIENT_STATE) : Optional.empty();
  }

  private static Outcome.Refused refused(
      StateError error, int peer, ConnectionState before, ConnectionState after) {
    return new Outcome.Refused(
        error,
        "the connection to node %d cannot go from %s to %s"
            .formatted(peer, before.word(), after.word()));
  }
}
