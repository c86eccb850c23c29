package io.jdrbd.conf.node;

import io.jdrbd.conf.Setting;
import java.util.List;
import java.util.Optional;

/**
 * A connection between two hosts of a resource.
 *
 * @param paths at least one
 * @param net inherited options included
 * @param disk options of its peer devices, as written
 * @param peerDevices first those that the connection says something of
 */
public record NodeConnection(
    List<NodePath> paths, List<Setting> net, List<Setting> disk, List<PeerDevice> peerDevices) {
  public NodeConnection {
    paths = List.copyOf(paths);
    net = List.copyOf(net);
    disk = List.copyOf(disk);
    peerDevices = List.copyOf(peerDevices);
  }

  /** Whether a host is at one of its ends. */
  public boolean has(NodeHost host) {
    return paths.getFirst().has(host);
  }

  /** The host at its other end. */
  public NodeHost peerOf(NodeHost host) {
    return paths.getFirst().opposite(host).host();
  }

  /** One volume of it. */
  public Optional<PeerDevice> peerDevice(int volume) {
    return peerDevices.stream().filter(device -> device.volume() == volume).findFirst();
  }
}
