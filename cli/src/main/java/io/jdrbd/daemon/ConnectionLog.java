package io.jdrbd.daemon;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.ResyncSuspension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is logged of changes of connections: a line for each thing that is different now. */
final class ConnectionLog {
  private final String name;
  private final List<String> lines = new ArrayList<>();

  private ConnectionLog(String name) {
    this.name = name;
  }

  /**
   * The lines for one change of a resource.
   *
   * @param before the resource as it was; empty if it is new
   */
  static List<String> changes(Optional<ResourceView> before, ResourceView after) {
    List<String> lines = new ArrayList<>();
    for (ConnectionView connection : after.connections()) {
      ConnectionLog log = new ConnectionLog(after.name() + " " + connection.name());
      before
          .flatMap(view -> view.connection(connection.peerNodeId()))
          .ifPresentOrElse(
              old -> log.compare(old, connection),
              () -> log.add("created, node id " + connection.peerNodeId()));
      lines.addAll(log.lines);
    }
    before.stream()
        .flatMap(view -> view.connections().stream())
        .filter(old -> after.connection(old.peerNodeId()).isEmpty())
        .forEach(old -> lines.add(after.name() + " " + old.name() + ": deleted"));
    return lines;
  }

  private void compare(ConnectionView before, ConnectionView after) {
    changed("connection", before.state().word(), after.state().word());
    changed("role", before.peerRole().word(), after.peerRole().word());
    if (!before.options().equals(after.options())) {
      add("options " + after.options());
    }
    after.paths().stream().filter(path -> !before.paths().contains(path)).forEach(this::path);
    for (PeerDeviceView device : after.peerDevices()) {
      before.peerDevice(device.volume()).ifPresent(old -> compare(old, device));
    }
  }

  private void path(PathView path) {
    add(
        "path %s to %s%s"
            .formatted(path.local(), path.peer(), path.established() ? ": established" : ""));
  }

  private void compare(PeerDeviceView before, PeerDeviceView after) {
    String volume = "volume " + after.volume() + ": ";
    changed(volume + "replication", before.replication().word(), after.replication().word());
    changed(volume + "peer disk", before.peerDisk().word(), after.peerDisk().word());
    if (!before.suspensions().equals(after.suspensions())) {
      add(volume + "resync suspended: " + words(after.suspensions()));
    }
    if (!before.options().equals(after.options())) {
      add(volume + "options " + after.options());
    }
  }

  private static String words(Set<ResyncSuspension> reasons) {
    return reasons.isEmpty()
        ? "no"
        : reasons.stream().sorted().map(ResyncSuspension::word).collect(Collectors.joining(", "));
  }

  private void changed(String what, String before, String after) {
    if (!before.equals(after)) {
      add("%s %s -> %s".formatted(what, before, after));
    }
  }

  private void add(String text) {
    lines.add(name + ": " + text);
  }
}
