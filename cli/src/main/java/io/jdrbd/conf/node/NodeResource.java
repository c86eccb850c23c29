package io.jdrbd.conf.node;

import io.jdrbd.conf.ResourceConf;
import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.Sections;
import io.jdrbd.conf.Setting;
import java.util.List;
import java.util.Optional;

/**
 * A resource as it is meant on one host.
 *
 * @param sections inherited options included; of {@code disk} first those of devices, then of
 *     disks, then of peer devices
 * @param self the host's own section; empty where the resource is none of this host's
 * @param connections all of them, also those between other hosts
 */
public record NodeResource(
    ResourceConf written,
    Sections sections,
    List<NodeHost> hosts,
    Optional<NodeHost> self,
    List<NodeConnection> connections) {
  public NodeResource {
    hosts = List.copyOf(hosts);
    connections = List.copyOf(connections);
  }

  /** Its name. */
  public String name() {
    return written.name();
  }

  /** Whether it is on top of another resource here. */
  public boolean isStacked() {
    return self.filter(NodeHost::isStacked).isPresent();
  }

  /** The host's own section, of a resource that has one. */
  public NodeHost here() {
    return self.orElseThrow();
  }

  /** The connections of this host, in their order. */
  public List<NodeConnection> ownConnections() {
    return self.map(
            host -> connections.stream().filter(connection -> connection.has(host)).toList())
        .orElse(List.of());
  }

  /** The options of one section. */
  public List<Setting> of(SectionKind kind) {
    return sections.of(kind);
  }
}
