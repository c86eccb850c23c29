package io.jdrbd.conf;

import java.util.List;

/** Connections between each two of some hosts. */
public record MeshConf(List<String> hosts, List<Setting> net, Position at) {
  public MeshConf {
    hosts = List.copyOf(hosts);
    net = List.copyOf(net);
  }
}
