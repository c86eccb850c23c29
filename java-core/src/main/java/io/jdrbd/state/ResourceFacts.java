package io.jdrbd.state;

import java.util.List;

/**
 * What the rules need to know of a resource.
 *
 * @param role the node's own role
 * @param failingIo demoted by force while open: all I/O fails until everybody has closed
 * @param volumes its volumes
 */
public record ResourceFacts(Role role, boolean failingIo, List<VolumeFacts> volumes) {
  public ResourceFacts {
    volumes = List.copyOf(volumes);
  }
}
