package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;

/**
 * A resource as it is written.
 *
 * @param volumes what is said of volumes for all hosts
 * @param template takes the place of what is common to all
 */
public record ResourceConf(
    String name,
    Sections sections,
    List<VolumeConf> volumes,
    List<HostConf> hosts,
    List<ConnectionConf> connections,
    List<MeshConf> meshes,
    Optional<TemplateConf> template,
    Position at) {
  public ResourceConf {
    volumes = List.copyOf(volumes);
    hosts = List.copyOf(hosts);
    connections = List.copyOf(connections);
    meshes = List.copyOf(meshes);
  }
}
