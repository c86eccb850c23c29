package io.jdrbd.resource;

import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be seen of a resource at one moment.
 *
 * @param nodeId this node's own id, 0 to 31
 * @param suspensions why its I/O waits; empty if it does not
 * @param failingIo whether all I/O fails because it was demoted by force while open
 * @param volumes by volume number
 * @param connections in the order in which they were made
 */
public record ResourceView(
    String name,
    int nodeId,
    Role role,
    Set<IoSuspension> suspensions,
    boolean failingIo,
    WriteOrdering writeOrdering,
    ResourceOptions options,
    List<VolumeView> volumes,
    List<ConnectionView> connections) {
  public ResourceView {
    suspensions = Set.copyOf(suspensions);
    volumes = List.copyOf(volumes);
    connections = List.copyOf(connections);
  }

  /** The connection to the peer with that node id. */
  public Optional<ConnectionView> connection(int peerNodeId) {
    return connections.stream()
        .filter(connection -> connection.peerNodeId() == peerNodeId)
        .findFirst();
  }

  /** The same without what changes all the time. */
  ResourceView withoutStatistics() {
    return new ResourceView(
        name,
        nodeId,
        role,
        suspensions,
        failingIo,
        writeOrdering,
        options,
        volumes.stream().map(VolumeView::withoutStatistics).toList(),
        connections.stream().map(ConnectionView::withoutStatistics).toList());
  }
}
