package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.Position;
import io.jdrbd.conf.VolumeConf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two resources must not use the same minor, disk, metadata or address of a host (spec 7, sections
 * 4.3 and 4.4).
 */
final class UniqueChecks {
  private final Findings findings;
  private final Map<String, Position> used = new HashMap<>();
  private final Map<String, AddressUse> addresses = new HashMap<>();

  private record AddressUse(String resource, Position at) {}

  UniqueChecks(Findings findings) {
    this.findings = findings;
  }

  void check(List<NodeResource> resources) {
    for (NodeResource resource : resources) {
      for (NodeHost host : resource.hosts()) {
        host.volumes().forEach(volume -> volume(resource, host, volume));
      }
      addresses(resource);
    }
  }

  private void volume(NodeResource resource, NodeHost host, NodeVolume volume) {
    for (String name : host.names()) {
      volume.device().ifPresent(device -> device(resource, name, device));
      volume
          .disk()
          .filter(disk -> !disk.isNone())
          .ifPresent(disk -> once(resource, name, "disk " + disk.path(), disk.at(), "disk"));
      volume
          .metaDisk()
          .filter(meta -> meta.index().isPresent())
          .ifPresent(
              meta ->
                  once(
                      resource,
                      name,
                      "meta-disk %s[%d]".formatted(meta.device(), meta.index().getAsInt()),
                      meta.at(),
                      "meta-disk"));
    }
  }

  private void device(NodeResource resource, String host, VolumeConf.Device device) {
    once(resource, host, "minor " + device.minor(), device.at(), "device");
  }

  private void once(NodeResource resource, String host, String what, Position at, String word) {
    Position before = used.putIfAbsent(host + ' ' + what, at);
    if (before != null) {
      findings.problem(
          at,
          word.length(),
          "%s is used twice on one host; first at %s, now in resource '%s'"
              .formatted(what, before, resource.name()));
    }
  }

  private void addresses(NodeResource resource) {
    Stream.concat(
            resource.hosts().stream().map(NodeHost::address).flatMap(Optional::stream),
            resource.connections().stream()
                .flatMap(connection -> connection.paths().stream())
                .flatMap(path -> Stream.of(path.first().address(), path.second().address())))
        .filter(address -> !isLoopback(address))
        .forEach(address -> address(resource, address));
  }

  private void address(NodeResource resource, Address address) {
    AddressUse before =
        addresses.putIfAbsent(address.argument(), new AddressUse(resource.name(), address.at()));
    if (before != null && !before.resource().equals(resource.name())) {
      findings.problem(
          address.at(),
          address.host().length(),
          "%s is the address of resource '%s', too, at %s; each resource needs a port of its own"
              .formatted(address.argument(), before.resource(), before.at()));
    }
  }

  private static boolean isLoopback(Address address) {
    return address.host().startsWith("127.") || address.host().equals("::1");
  }
}
