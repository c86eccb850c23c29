package io.jdrbd.conf.dump;

import io.jdrbd.conf.Quoting;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodeEnd;
import io.jdrbd.conf.node.NodeHost;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeResource;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.conf.node.PeerDevice;
import java.util.Optional;

/** Writes hosts and connections of a resource with all that is inherited and implied. */
final class ExpandedDump {
  private final Layout layout;

  private ExpandedDump(Layout layout) {
    this.layout = layout;
  }

  static void body(NodeResource resource, Layout layout) {
    ExpandedDump dump = new ExpandedDump(layout);
    resource.hosts().forEach(dump::host);
    resource.connections().forEach(dump::connection);
  }

  private void host(NodeHost host) {
    Items.openHost(host, layout);
    for (NodeVolume volume : host.volumes()) {
      if (!volume.implicit()) {
        layout.open("volume " + volume.number());
      }
      volume(host, volume);
      if (!volume.implicit()) {
        layout.close();
      }
    }
    Items.closeHost(host, layout);
  }

  private void volume(NodeHost host, NodeVolume volume) {
    layout.section("disk", volume.settings());
    volume
        .device()
        .ifPresent(
            device ->
                layout.value(
                    "device",
                    Items.device(
                        new VolumeConf.Device(
                            Optional.of(volume.deviceName()), device.minor(), device.at()))));
    if (!host.isStacked()) {
      volume.disk().ifPresent(disk -> layout.value("disk", Items.disk(disk)));
      volume.metaDisk().ifPresent(meta -> Items.metaDisk(meta, layout));
    }
    volume.tiebreaker().ifPresent(set -> layout.value("tiebreaker", Items.yesOrNo(set)));
  }

  private void connection(NodeConnection connection) {
    layout.open("connection");
    for (NodePath path : connection.paths()) {
      layout.open("path");
      end(path.first());
      end(path.second());
      layout.close();
    }
    layout.section("net", connection.net());
    layout.section("disk", connection.disk());
    for (PeerDevice device : connection.peerDevices()) {
      layout.open("volume " + device.volume());
      layout.section("disk", device.settings());
      layout.close();
    }
    layout.close();
  }

  private void end(NodeEnd end) {
    if (end.name().isEmpty()) {
      Items.bareAddress(end.address(), end.host().displayName(), layout);
      return;
    }
    Items.endHost(
        "host " + Quoting.name(end.name().get()) + layout.gap() + Items.address(end.address()),
        end.outside(),
        end.proxy(),
        layout);
  }
}
