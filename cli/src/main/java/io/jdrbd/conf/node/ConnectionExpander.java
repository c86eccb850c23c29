package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.ConnectionConf;
import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.EndConf;
import io.jdrbd.conf.MeshConf;
import io.jdrbd.conf.Position;
import io.jdrbd.conf.ResourceConf;
import io.jdrbd.conf.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes the connections of a resource, also those that are only implied (spec 7, section 4.3). */
final class ConnectionExpander {
  private final ResourceConf resource;
  private final List<NodeHost> hosts;
  private final List<Setting> net;
  private final Findings findings;
  private final Ends ends;
  private final Map<Set<String>, Position> seen = new HashMap<>();

  /**
   * @param net the options of the resource's {@code net} section, inherited ones included
   */
  ConnectionExpander(
      ResourceConf resource, List<NodeHost> hosts, List<Setting> net, Findings findings) {
    this.resource = resource;
    this.hosts = hosts;
    this.net = net;
    this.findings = findings;
    this.ends = new Ends(resource.name(), hosts, findings);
  }

  List<NodeConnection> connections() {
    List<NodeConnection> all = new ArrayList<>();
    for (ConnectionConf connection : resource.connections()) {
      explicit(connection).ifPresent(all::add);
    }
    for (MeshConf mesh : resource.meshes()) {
      all.addAll(mesh(mesh));
    }
    if (!all.isEmpty() || !resource.connections().isEmpty()) {
      return all;
    }
    if (hosts.size() == 2) {
      return between(hosts.getFirst(), hosts.getLast(), resource.at(), List.of()).stream().toList();
    }
    if (hosts.size() > 2) {
      findings.warning(
          resource.at(),
          "resource".length(),
          "resource '%s' has %d hosts and no connections; add 'connection-mesh { hosts … }'"
              .formatted(resource.name(), hosts.size()));
    }
    return List.of();
  }

  private Optional<NodeConnection> explicit(ConnectionConf written) {
    List<NodePath> paths = new ArrayList<>();
    for (List<EndConf> pair : written.paths()) {
      if (pair.size() == 2) {
        path(pair, written.at()).ifPresent(paths::add);
      }
    }
    if (paths.size() != written.paths().size() || paths.isEmpty()) {
      return Optional.empty();
    }
    NodePath first = paths.getFirst();
    for (NodePath path : paths) {
      if (!path.has(first.first().host()) || !path.has(first.second().host())) {
        findings.problem(
            written.at(),
            "connection".length(),
            "the paths of this connection of resource '%s' are not all between the same two hosts"
                .formatted(resource.name()));
        return Optional.empty();
      }
    }
    once(first, written.at());
    return Optional.of(
        new NodeConnection(
            paths,
            OptionList.written(written.net()).inherit(net, this::clash).settings(),
            written.disk(),
            peerDevices(written.volumes(), written.disk(), first)));
  }

  private Optional<NodePath> path(List<EndConf> pair, Position at) {
    Optional<NodeEnd> first = ends.of(pair.getFirst());
    Optional<NodeEnd> second = ends.of(pair.getLast());
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    NodePath path = new NodePath(first.get(), second.get());
    if (path.first().host().equals(path.second().host())) {
      findings.problem(
          at,
          "connection".length(),
          "both ends of this connection are at host '%s'"
              .formatted(path.first().host().displayName()));
      return Optional.empty();
    }
    checkAddresses(path);
    return Optional.of(path);
  }

  private void checkAddresses(NodePath path) {
    Address one = path.first().seenByPeer();
    Address other = path.second().seenByPeer();
    if (one.argument().equals(other.argument()) && path.first().proxy().isEmpty()) {
      findings.problem(
          other.at(),
          other.host().length(),
          "%s is the address of both ends of a path, at %s, too; hosts '%s' and '%s'"
              .formatted(
                  one.argument(),
                  one.at(),
                  path.first().host().displayName(),
                  path.second().host().displayName()));
    }
  }

  /** Each pair of hosts is connected once. */
  private void once(NodePath path, Position at) {
    Set<String> pair =
        new TreeSet<>(
            List.of(path.first().host().displayName(), path.second().host().displayName()));
    Position before = seen.putIfAbsent(pair, at);
    if (before != null) {
      findings.problem(
          at,
          "connection".length(),
          "%s are connected already, at %s; more paths go into that connection"
              .formatted(String.join(" and ", pair), before));
    }
  }

  private List<NodeConnection> mesh(MeshConf mesh) {
    List<NodeConnection> all = new ArrayList<>();
    List<NodeHost> members = new ArrayList<>();
    for (String name : mesh.hosts()) {
      ends.host(name, mesh.at()).ifPresent(members::add);
    }
    for (int i = 0; i < members.size(); i++) {
      for (NodeHost other : members.subList(i + 1, members.size())) {
        between(members.get(i), other, mesh.at(), mesh.net()).ifPresent(all::add);
      }
    }
    return all;
  }

  private Optional<NodeConnection> between(
      NodeHost one, NodeHost other, Position at, List<Setting> inherited) {
    Optional<NodeEnd> first = ends.implied(one);
    Optional<NodeEnd> second = ends.implied(other);
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    NodePath path = new NodePath(first.get(), second.get());
    checkAddresses(path);
    once(path, at);
    return Optional.of(
        new NodeConnection(
            List.of(path),
            OptionList.inherited(inherited).inherit(net, this::clash).settings(),
            List.of(),
            peerDevices(List.of(), List.of(), path)));
  }

  private List<PeerDevice> peerDevices(
      List<ConnectionConf.PeerVolume> written, List<Setting> disk, NodePath path) {
    List<PeerDevice> all = new ArrayList<>();
    for (ConnectionConf.PeerVolume volume : written) {
      checkThere(volume, path.first().host());
      checkThere(volume, path.second().host());
      all.add(peerDevice(volume.number(), volume.disk(), disk, path));
    }
    for (NodeVolume volume : path.first().host().volumes()) {
      if (written.stream().noneMatch(known -> known.number() == volume.number())) {
        all.add(peerDevice(volume.number(), List.of(), disk, path));
      }
    }
    return all;
  }

  private void checkThere(ConnectionConf.PeerVolume volume, NodeHost host) {
    if (host.volume(volume.number()).isEmpty()) {
      findings.problem(
          volume.at(),
          "volume".length(),
          "there is no volume %d in resource '%s' on host '%s'"
              .formatted(volume.number(), resource.name(), host.displayName()));
    }
  }

  private PeerDevice peerDevice(
      int number, List<Setting> written, List<Setting> disk, NodePath path) {
    OptionList options = OptionList.written(written).inherit(disk, this::clash);
    for (NodeHost host : List.of(path.first().host(), path.second().host())) {
      host.volume(number)
          .ifPresent(volume -> options.inherit(volume.settings(DiskPart.PEER_DEVICE), this::clash));
    }
    return new PeerDevice(number, options.settings());
  }

  private void clash(Setting there, Setting other) {
    findings.clash(resource.name(), there, other);
  }
}
