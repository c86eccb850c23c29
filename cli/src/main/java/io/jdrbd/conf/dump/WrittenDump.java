package io.jdrbd.conf.dump;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.ConnectionConf;
import io.jdrbd.conf.EndConf;
import io.jdrbd.conf.MeshConf;
import io.jdrbd.conf.Quoting;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeHost;
import io.jdrbd.conf.node.NodeResource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes volumes, hosts and connections of a resource as they are written. */
final class WrittenDump {
  private final NodeResource resource;
  private final Layout layout;

  private WrittenDump(NodeResource resource, Layout layout) {
    this.resource = resource;
    this.layout = layout;
  }

  static void body(NodeResource resource, Layout layout) {
    WrittenDump dump = new WrittenDump(resource, layout);
    dump.volumes(resource.written().volumes());
    resource.hosts().forEach(dump::host);
    resource.written().connections().forEach(dump::connection);
    resource.written().meshes().forEach(dump::mesh);
  }

  private void volumes(List<VolumeConf> volumes) {
    volumes.stream().sorted(Comparator.comparingInt(VolumeConf::number)).forEach(this::volume);
  }

  private void volume(VolumeConf volume) {
    if (!volume.implicit()) {
      layout.open("volume " + volume.number());
    }
    layout.section("disk", DiskOrder.of(volume.settings()));
    volume.device().ifPresent(device -> layout.value("device", Items.device(device)));
    volume.disk().ifPresent(disk -> layout.value("disk", Items.disk(disk)));
    volume.metaDisk().ifPresent(meta -> Items.metaDisk(meta, layout));
    volume.tiebreaker().ifPresent(set -> layout.value("tiebreaker", Items.yesOrNo(set)));
    if (!volume.implicit()) {
      layout.close();
    }
  }

  private void host(NodeHost host) {
    Items.openHost(host, layout);
    volumes(host.written().volumes());
    Items.closeHost(host, layout);
  }

  private void connection(ConnectionConf connection) {
    layout.open("connection");
    for (int i = 0; i < connection.paths().size(); i++) {
      if (i == 0 && connection.direct()) {
        connection.paths().get(i).forEach(this::end);
      } else {
        layout.open("path");
        connection.paths().get(i).forEach(this::end);
        layout.close();
      }
    }
    layout.section("net", connection.net());
    layout.section("disk", connection.disk());
    for (ConnectionConf.PeerVolume volume : connection.volumes()) {
      layout.open("volume " + volume.number());
      layout.section("disk", volume.disk());
      layout.close();
    }
    layout.close();
  }

  private void end(EndConf end) {
    if (end.host().isEmpty()) {
      end.address().ifPresent(address -> Items.bareAddress(address, nameOf(address), layout));
      return;
    }
    StringBuilder line = new StringBuilder("host " + Quoting.name(end.host().get()));
    end.address().ifPresent(address -> line.append(layout.gap()).append(Items.address(address)));
    end.port().ifPresent(port -> line.append(" port ").append(port));
    Items.endHost(line.toString(), end.outside(), end.proxy(), layout);
  }

  private String nameOf(Address address) {
    return resource.hosts().stream()
        .filter(
            host ->
                host.address()
                    .filter(known -> known.argument().equals(address.argument()))
                    .isPresent())
        .map(NodeHost::displayName)
        .findFirst()
        .orElse("nobody");
  }

  private void mesh(MeshConf mesh) {
    layout.open("connection-mesh");
    layout.line(
        "hosts " + mesh.hosts().stream().map(Quoting::name).collect(Collectors.joining(" ")) + ";");
    layout.section("net", mesh.net());
    layout.close();
  }
}
