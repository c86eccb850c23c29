package io.jdrbd.driver;

import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.Path;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.DiskState;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What handlers are told, in environment variables with DRBD's names (spec 7, section 13.1). */
final class HandlerCalls {
  private HandlerCalls() {}

  /**
   * One call.
   *
   * @param peer the node id of the peer that it is about
   * @param volume that it is about
   */
  static Handlers.Call of(Resource resource, String handler, OptionalInt peer, OptionalInt volume) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("HOME", "/");
    environment.put("TERM", "linux");
    environment.put("PATH", "/sbin:/usr/sbin:/bin:/usr/bin");
    Optional<Connection> connection =
        peer.isPresent() ? resource.connection(peer.getAsInt()) : Optional.empty();
    connection.ifPresent(told -> connection(told, environment));
    for (Volume one : resource.volumes()) {
      if (volume.isPresent() && volume.getAsInt() == one.number()) {
        environment.put("DRBD_VOLUME", Integer.toString(one.number()));
        device(one, "", environment);
      } else if (volume.isEmpty()) {
        device(one, "_" + one.number(), environment);
      }
    }
    if (handler.equals("fence-peer") || handler.equals("unfence-peer")) {
      environment.put("UP_TO_DATE_NODES", "0x%08X".formatted(upToDateNodes(resource)));
    }
    return new Handlers.Call(handler, resource.name(), environment);
  }

  private static void device(Volume volume, String suffix, Map<String, String> environment) {
    environment.put("DRBD_MINOR" + suffix, Integer.toString(volume.minor()));
    environment.put(
        "DRBD_BACKING_DEV" + suffix,
        volume.attached().map(AttachOptions::disk).map(disk -> disk.path()).orElse("none"));
  }

  private static void connection(Connection connection, Map<String, String> environment) {
    environment.put("DRBD_PEER_NODE_ID", Integer.toString(connection.peerNodeId()));
    environment.put("DRBD_CSTATE", connection.state().word());
    connection.paths().stream()
        .findFirst()
        .ifPresent(
            (Path path) -> {
              end("DRBD_MY", path.local(), environment);
              end("DRBD_PEER", path.peer(), environment);
            });
  }

  private static void end(String whose, Endpoint end, Map<String, String> environment) {
    environment.put(whose + "_ADDRESS", end.host());
    environment.put(whose + "_AF", end.family());
  }

  /** Nodes all of whose disks are UpToDate, as far as this node knows. */
  private static long upToDateNodes(Resource resource) {
    boolean own =
        resource.volumes().stream().allMatch(one -> one.diskState() == DiskState.UP_TO_DATE);
    long nodes = own ? 1L << resource.nodeId() : 0;
    for (Connection connection : resource.connections()) {
      boolean peer =
          connection.peerDevices().stream()
              .map(PeerDevice::peerDisk)
              .allMatch(disk -> disk == DiskState.UP_TO_DATE);
      nodes |= peer ? 1L << connection.peerNodeId() : 0;
    }
    return nodes;
  }
}
