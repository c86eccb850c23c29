package io.jdrbd.conf.node;

import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.Position;
import io.jdrbd.conf.ResourceConf;
import io.jdrbd.conf.Setting;
import io.jdrbd.conf.VolumeConf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Makes the hosts of a resource and their volumes: what the resource says of a volume holds for
 * every host that does not say otherwise (spec 7, sections 4.2 and 4.4).
 */
final class HostExpander {
  private final ResourceConf resource;
  private final List<Setting> disk;
  private final Function<String, Optional<NodeResource>> others;
  private final Findings findings;

  /**
   * @param disk the options of the resource's {@code disk} section, inherited ones included
   * @param others finds the resource that another one is stacked on
   */
  HostExpander(
      ResourceConf resource,
      List<Setting> disk,
      Function<String, Optional<NodeResource>> others,
      Findings findings) {
    this.resource = resource;
    this.disk = disk;
    this.others = others;
    this.findings = findings;
  }

  List<NodeHost> hosts() {
    checkForms();
    List<NodeHost> hosts = new ArrayList<>();
    for (HostConf host : resource.hosts()) {
      hosts.add(new NodeHost(host, names(host), nodeId(host), volumes(host)));
    }
    checkNames(hosts);
    checkNodeIds(hosts);
    checkVolumes(hosts);
    return hosts;
  }

  private List<String> names(HostConf host) {
    if (host.kind() != HostConf.Kind.STACKED) {
      return host.names();
    }
    Optional<NodeResource> lower = lower(host);
    if (lower.isEmpty()) {
      findings.problem(
          host.at(),
          host.kind().word().length(),
          "there is no resource '%s' that '%s' could be stacked on"
              .formatted(host.names().getFirst(), resource.name()));
    }
    return lower.stream()
        .flatMap(below -> below.hosts().stream())
        .flatMap(below -> below.names().stream())
        .toList();
  }

  private Optional<NodeResource> lower(HostConf host) {
    return others.apply(host.names().getFirst());
  }

  private OptionalInt nodeId(HostConf host) {
    if (host.nodeId().isPresent()) {
      return host.nodeId();
    }
    if (NodeIds.areImplied(resource)) {
      OptionalInt derived = NodeIds.derived(resource, host);
      if (derived.isEmpty()) {
        findings.problem(
            host.at(), 2, "no node ids follow from the addresses, which are the same; add node-id");
      }
      return derived;
    }
    findings.problem(
        host.at(),
        host.kind().word().length(),
        "host '%s' of resource '%s' has no node-id".formatted(host.displayName(), resource.name()));
    return OptionalInt.empty();
  }

  private List<NodeVolume> volumes(HostConf host) {
    Map<Integer, Optional<VolumeConf>> numbers = new TreeMap<>();
    resource.volumes().forEach(volume -> numbers.put(volume.number(), Optional.empty()));
    host.volumes().forEach(volume -> numbers.put(volume.number(), Optional.of(volume)));
    return numbers.entrySet().stream()
        .map(entry -> volume(host, entry.getKey(), entry.getValue()))
        .toList();
  }

  private NodeVolume volume(HostConf host, int number, Optional<VolumeConf> own) {
    Optional<VolumeConf> general =
        resource.volumes().stream().filter(volume -> volume.number() == number).findFirst();
    Optional<VolumeConf.Device> device =
        own.flatMap(VolumeConf::device).or(() -> general.flatMap(VolumeConf::device));
    Optional<VolumeConf.Disk> data =
        host.kind() == HostConf.Kind.STACKED
            ? deviceBelow(host, number)
            : own.flatMap(VolumeConf::disk).or(() -> general.flatMap(VolumeConf::disk));
    checkThere(host, number, "device", device.isPresent());
    device.ifPresent(this::checkName);
    checkThere(host, number, "disk", data.isPresent());
    Optional<VolumeConf.MetaDisk> metaDisk =
        own.flatMap(VolumeConf::metaDisk).or(() -> general.flatMap(VolumeConf::metaDisk));
    return new NodeVolume(
        number,
        own.or(() -> general).map(VolumeConf::implicit).orElse(false),
        device,
        data,
        data.filter(disk -> !disk.isNone())
            .map(disk -> metaDisk.orElseGet(() -> VolumeConf.MetaDisk.internal(disk.at()))),
        own.flatMap(VolumeConf::tiebreaker).or(() -> general.flatMap(VolumeConf::tiebreaker)),
        settings(own, general));
  }

  /** Whatever makes device nodes knows minors only. */
  private void checkName(VolumeConf.Device device) {
    device
        .name()
        .filter(name -> !name.equals("/dev/drbd" + device.minor()))
        .ifPresent(
            name ->
                findings.warning(
                    device.at(),
                    "device".length(),
                    "nothing makes a device of the name %s; write 'device minor %d'"
                        .formatted(name, device.minor())));
  }

  /** A stacked volume is on the device of the volume with its number below. */
  private Optional<VolumeConf.Disk> deviceBelow(HostConf host, int number) {
    return lower(host)
        .flatMap(below -> below.self().or(() -> below.hosts().stream().findFirst()))
        .flatMap(below -> below.volume(number))
        .filter(below -> below.device().isPresent())
        .map(below -> new VolumeConf.Disk(below.deviceName(), host.at()));
  }

  private void checkThere(HostConf host, int number, String what, boolean there) {
    if (!there) {
      findings.problem(
          host.at(),
          host.kind().word().length(),
          "volume %d of resource '%s' has no '%s' on host '%s'"
              .formatted(number, resource.name(), what, host.displayName()));
    }
  }

  private List<Setting> settings(Optional<VolumeConf> own, Optional<VolumeConf> general) {
    List<Setting> all = new ArrayList<>();
    for (DiskPart part : DiskPart.values()) {
      OptionList options =
          OptionList.written(part.of(own.map(VolumeConf::settings).orElse(List.of())))
              .inherit(part.of(disk), this::clash)
              .inherit(part.of(general.map(VolumeConf::settings).orElse(List.of())), this::clash);
      all.addAll(options.settings());
    }
    return all;
  }

  private void clash(Setting there, Setting other) {
    findings.clash(resource.name(), there, other);
  }

  /** Items of volume 0 outside of a {@code volume} section do not go with such sections. */
  private void checkForms() {
    List<VolumeConf> all = new ArrayList<>(resource.volumes());
    resource.hosts().forEach(host -> all.addAll(host.volumes()));
    Optional<VolumeConf> implicit = all.stream().filter(VolumeConf::implicit).findFirst();
    Optional<VolumeConf> explicit = all.stream().filter(volume -> !volume.implicit()).findFirst();
    if (implicit.isPresent() && explicit.isPresent()) {
      findings.problem(
          explicit.get().at(),
          "volume".length(),
          ("resource '%s' has volumes in sections, and a device, disk or meta-disk outside of them;"
                  + " put those into 'volume 0 { … }'")
              .formatted(resource.name()));
    }
  }

  private void checkNames(List<NodeHost> hosts) {
    Map<String, Position> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (NodeHost host : hosts) {
      for (String name : host.names()) {
        Position before = seen.putIfAbsent(name, host.written().at());
        if (before != null && !before.equals(host.written().at())) {
          findings.problem(
              host.written().at(),
              host.written().kind().word().length(),
              "host '%s' is in resource '%s' already, at %s"
                  .formatted(name, resource.name(), before));
        }
      }
    }
  }

  private void checkNodeIds(List<NodeHost> hosts) {
    Map<Integer, NodeHost> seen = new TreeMap<>();
    for (NodeHost host : hosts) {
      if (host.nodeId().isPresent()) {
        NodeHost before = seen.putIfAbsent(host.id(), host);
        if (before != null) {
          findings.problem(
              host.written().at(),
              host.written().kind().word().length(),
              "hosts '%s' and '%s' of resource '%s' both have node-id %d"
                  .formatted(before.displayName(), host.displayName(), resource.name(), host.id()));
        }
      }
    }
  }

  private void checkVolumes(List<NodeHost> hosts) {
    for (NodeHost host : hosts) {
      for (NodeHost other : hosts) {
        for (NodeVolume volume : other.volumes()) {
          if (host.volume(volume.number()).isEmpty()) {
            findings.problem(
                host.written().at(),
                host.written().kind().word().length(),
                "host '%s' of resource '%s' does not have volume %d, which '%s' has"
                    .formatted(
                        host.displayName(), resource.name(), volume.number(), other.displayName()));
          }
        }
      }
    }
  }
}
