package io.jdrbd.conf;

import java.util.List;
import java.util.Map;

/**
 * A connection between two hosts.
 *
 * @param paths each with its two ends; first the one whose ends stand in the connection itself
 * @param disk options of its peer devices
 * @param volumes options of the peer device of one volume
 */
public record ConnectionConf(
    List<List<EndConf>> paths,
    List<Setting> net,
    List<Setting> disk,
    Map<Integer, List<Setting>> volumes,
    Position at) {
  public ConnectionConf {
    paths = paths.stream().map(List::copyOf).toList();
    net = List.copyOf(net);
    disk = List.copyOf(disk);
    volumes = Map.copyOf(volumes);
  }
}
