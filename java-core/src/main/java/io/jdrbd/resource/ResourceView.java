package io.jdrbd.resource;

import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.List;

/**
 * What can be seen of a resource at one moment.
 *
 * @param nodeId this node's own id, 0 to 31
 * @param failingIo whether all I/O fails because it was demoted by force while open
 * @param volumes by volume number
 */
public record ResourceView(
    String name,
    int nodeId,
    Role role,
    boolean failingIo,
    WriteOrdering writeOrdering,
    ResourceOptions options,
    List<VolumeView> volumes) {
  public ResourceView {
    volumes = List.copyOf(volumes);
  }

  /** The same without what changes all the time. */
  ResourceView withoutStatistics() {
    return new ResourceView(
        name,
        nodeId,
        role,
        failingIo,
        writeOrdering,
        options,
        volumes.stream().map(VolumeView::withoutStatistics).toList());
  }
}
