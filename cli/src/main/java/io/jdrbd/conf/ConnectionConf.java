package io.jdrbd.conf;

import java.util.List;

/**
 * A connection between two hosts.
 *
 * @param paths each with its two ends; first the one whose ends stand in the connection itself
 * @param direct whether there is such a one
 * @param disk options of its peer devices
 * @param volumes those that it says something of
 */
public record ConnectionConf(
    List<List<EndConf>> paths,
    boolean direct,
    List<Setting> net,
    List<Setting> disk,
    List<PeerVolume> volumes,
    Position at) {
  public ConnectionConf {
    paths = paths.stream().map(List::copyOf).toList();
    net = List.copyOf(net);
    disk = List.copyOf(disk);
    volumes = List.copyOf(volumes);
  }

  /**
   * What a connection says of one volume.
   *
   * @param disk options of the peer device
   */
  public record PeerVolume(int number, List<Setting> disk, Position at) {
    public PeerVolume {
      disk = List.copyOf(disk);
    }
  }
}
