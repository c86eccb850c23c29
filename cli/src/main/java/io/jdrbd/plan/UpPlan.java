package io.jdrbd.plan;

import io.jdrbd.conf.Setting;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.conf.node.PeerDevice;
import java.util.ArrayList;
import java.util.List;

/** Brings a resource up, whatever is there (spec 7, section 6.4). */
final class UpPlan {
  private static final String SET_DEFAULTS = "--set-defaults";

  private UpPlan() {}

  static List<Task> of(NodeConfiguration configuration, Selection selection) throws PlanException {
    Calls calls = new Calls(configuration, selection.resource());
    List<Task> tasks = new ArrayList<>();
    tasks.add(newResource(calls));
    for (NodeVolume volume : selection.volumes()) {
      tasks.add(newMinor(calls, volume));
    }
    for (NodeConnection connection : selection.connections()) {
      tasks.addAll(connection(calls, connection, List.of()));
      for (PeerDevice device : connection.peerDevices()) {
        peerDevice(calls, connection, device.volume(), false, tasks);
      }
    }
    for (NodeVolume volume : selection.volumes()) {
      if (volume.diskPath().isPresent()) {
        tasks.add(attach(calls, volume));
      }
    }
    return tasks;
  }

  static Task newResource(Calls calls) {
    return Task.chain(calls.name(), "new-resource", Stage.NEW_RESOURCE, calls.newResource());
  }

  static Task newMinor(Calls calls, NodeVolume volume) {
    return Task.chain(calls.name(), "new-minor", Stage.NEW_MINOR, calls.newMinor(volume));
  }

  static Task attach(Calls calls, NodeVolume volume) throws PlanException {
    return Task.chain(
        calls.name(),
        "attach",
        Stage.DISK,
        calls.meta(volume, "repair-md", "repair-md"),
        calls.meta(volume, "apply-al", "apply-al"),
        calls.attach(volume));
  }

  /** A connection that is not there yet, without the options of its peer devices. */
  static List<Task> connection(Calls calls, NodeConnection connection, List<String> connect) {
    List<Task> tasks = new ArrayList<>();
    tasks.add(Task.chain(calls.name(), "new-peer", Stage.NEW_PEER, calls.newPeer(connection)));
    for (NodePath path : connection.paths()) {
      tasks.add(newPath(calls, connection, path));
    }
    tasks.add(connect(calls, connection, connect));
    return tasks;
  }

  static Task newPath(Calls calls, NodeConnection connection, NodePath path) {
    return Task.chain(
        calls.name(), "new-path", Stage.NEW_PATH, calls.ofPath("new-path", connection, path));
  }

  static Task connect(Calls calls, NodeConnection connection, List<String> options) {
    return Task.chain(
        calls.name(), "connect", Stage.CONNECT, calls.ofPeer("connect", connection).with(options));
  }

  /** Options of a peer device, if there are any. */
  static void peerDevice(
      Calls calls, NodeConnection connection, int volume, boolean setDefaults, List<Task> tasks) {
    List<Setting> settings = calls.peerDeviceSettings(connection, volume);
    if (!settings.isEmpty()) {
      tasks.add(peerDeviceOptions(calls, connection, volume, setDefaults, settings));
    }
  }

  static Task peerDeviceOptions(
      Calls calls,
      NodeConnection connection,
      int volume,
      boolean setDefaults,
      List<Setting> settings) {
    Step call = calls.ofPeerDevice("peer-device-options", connection, volume);
    return Task.chain(
        calls.name(),
        "peer-device-options",
        Stage.PEER_DEVICE_OPTIONS,
        (setDefaults ? call.with(List.of(SET_DEFAULTS)) : call).with(Calls.options(settings)));
  }
}
