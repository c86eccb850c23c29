package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.Path;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.state.ConnectionState;
import java.util.List;
import java.util.Map;

/**
 * A peer that a daemon knew, for the next one.
 *
 * @param options what differs from the defaults, by name
 * @param connected whether it was meant to be connected
 * @param devices the peer devices whose options differ from the defaults
 */
record SavedPeer(
    int nodeId,
    Map<String, String> options,
    boolean connected,
    List<SavedPath> paths,
    List<SavedDevice> devices) {
  SavedPeer {
    options = Map.copyOf(options);
    paths = List.copyOf(paths);
    devices = List.copyOf(devices);
  }

  /** Both ends of a path. */
  record SavedPath(Endpoint local, Endpoint peer) {}

  /** The options of a peer device that differ from the defaults, by name. */
  record SavedDevice(int volume, Map<String, String> options) {
    SavedDevice {
      options = Map.copyOf(options);
    }
  }

  static SavedPeer of(Connection connection) {
    return new SavedPeer(
        connection.peerNodeId(),
        connection.options().nonDefaults(),
        isMeantToConnect(connection.state()),
        connection.paths().stream().map(SavedPeer::saved).toList(),
        connection.peerDevices().stream()
            .filter(device -> !device.options().nonDefaults().isEmpty())
            .map(SavedPeer::saved)
            .toList());
  }

  private static boolean isMeantToConnect(ConnectionState state) {
    return state.isAbove(ConnectionState.DISCONNECTING);
  }

  private static SavedPath saved(Path path) {
    return new SavedPath(path.local(), path.peer());
  }

  private static SavedDevice saved(PeerDevice device) {
    return new SavedDevice(device.volume().number(), device.options().nonDefaults());
  }

  Json.Obj toJson() {
    return Json.Obj.empty()
        .with("node-id", nodeId)
        .with("options", asJson(options))
        .with("connected", connected)
        .with("paths", new Json.Array(paths.stream().map(SavedPeer::asJson).toList()))
        .with("devices", new Json.Array(devices.stream().map(SavedPeer::asJson).toList()));
  }

  private static Json.Obj asJson(Map<String, String> values) {
    Json.Obj options = Json.Obj.empty();
    values.forEach(options::with);
    return options;
  }

  private static Json asJson(SavedPath path) {
    return Json.Obj.empty().with("local", path.local.toString()).with("peer", path.peer.toString());
  }

  private static Json asJson(SavedDevice device) {
    return Json.Obj.empty().with("volume", device.volume).with("options", asJson(device.options));
  }

  /**
   * The opposite of {@link #toJson}.
   *
   * @throws JsonException if it is of another form
   * @throws IllegalArgumentException if an address is none
   */
  static SavedPeer fromJson(Json.Obj object) {
    return new SavedPeer(
        object.integer("node-id"),
        object.object("options").texts(),
        object.flag("connected"),
        object.array("paths").stream().map(value -> path((Json.Obj) value)).toList(),
        object.array("devices").stream().map(value -> device((Json.Obj) value)).toList());
  }

  private static SavedPath path(Json.Obj object) {
    return new SavedPath(Endpoint.parse(object.text("local")), Endpoint.parse(object.text("peer")));
  }

  private static SavedDevice device(Json.Obj object) {
    return new SavedDevice(object.integer("volume"), object.object("options").texts());
  }
}
