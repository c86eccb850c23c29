package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.ConnectionState;
import java.util.List;
import java.util.OptionalInt;

/**
 * Peer devices for which something is awaited.
 *
 * @param resource the name of the resource
 * @param peer only the connection with that node; empty for all
 * @param volume only that volume; empty for all
 */
record WaitTarget(WaitGoal goal, String resource, OptionalInt peer, OptionalInt volume) {

  /** How far it is. */
  sealed interface Outlook {
    /** What was awaited has come. */
    record Reached() implements Outlook {}

    /** It will not come by itself. */
    record Ended(ConnectionView connection) implements Outlook {}

    /** It may come. */
    record Pending(List<String> still) implements Outlook {
      public Pending {
        still = List.copyOf(still);
      }
    }
  }

  /** How far it is, as the resource is now. */
  Outlook look(ResourceView now) {
    List<ConnectionView> concerned =
        now.connections().stream()
            .filter(connection -> fits(peer, connection.peerNodeId()))
            .filter(connection -> connection.peerDevices().stream().anyMatch(this::isMeant))
            .toList();
    for (ConnectionView connection : concerned) {
      if (hasEnded(connection.state())) {
        return new Outlook.Ended(connection);
      }
    }
    List<String> still =
        concerned.stream()
            .flatMap(
                connection ->
                    connection.peerDevices().stream()
                        .filter(this::isMeant)
                        .filter(device -> !goal.isReached(device.replication()))
                        .map(device -> describe(connection, device)))
            .toList();
    return still.isEmpty() ? new Outlook.Reached() : new Outlook.Pending(still);
  }

  private boolean isMeant(PeerDeviceView device) {
    return fits(volume, device.volume());
  }

  private static boolean fits(OptionalInt wanted, int number) {
    return wanted.isEmpty() || wanted.getAsInt() == number;
  }

  private static boolean hasEnded(ConnectionState state) {
    return state == ConnectionState.STANDALONE || state == ConnectionState.DISCONNECTING;
  }

  private static String describe(ConnectionView connection, PeerDeviceView device) {
    return "%s/%d: %s, replication %s%s"
        .formatted(
            connection.name(),
            device.volume(),
            connection.state().word(),
            device.replication().word(),
            SyncBar.of(device).map(bar -> " " + bar).orElse(""));
  }
}
