package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.Role;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Has the blocks of a volume that are marked as out of sync copied between this node and a peer.
 */
record Repair(String resource, int peerNodeId, int volume) {

  /**
   * Begins. The data come from the Primary; if neither is one, from this node.
   *
   * @return the exit code; a refusal was printed
   */
  int begin(Surroundings surroundings) throws IOException {
    List<ResourceView> known = Snapshot.choose(Snapshot.take(surroundings), Optional.of(resource));
    for (ResourceView now : known) {
      Optional<ConnectionView> peer =
          now.connections().stream().filter(each -> each.peerNodeId() == peerNodeId).findFirst();
      Optional<VolumeView> own =
          now.volumes().stream().filter(each -> each.volume() == volume).findFirst();
      if (peer.isPresent() && own.isPresent()) {
        return begin(now.role(), peer.get().peerRole(), own.get().minor(), surroundings);
      }
    }
    surroundings
        .err()
        .printf("%s: no volume %d with node %d any more%n", resource, volume, peerNodeId);
    return ExitCode.NOT_EQUAL;
  }

  private int begin(Role own, Role peer, int minor, Surroundings surroundings) throws IOException {
    if (own == Role.PRIMARY && peer == Role.PRIMARY) {
      surroundings
          .err()
          .printf("%s: both nodes are Primary: nobody knows whose data is right%n", resource);
      return ExitCode.STATE_CHANGE_REFUSED;
    }
    Json.Obj request = Json.Obj.empty().with("keep-bitmap", true);
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply =
          peer == Role.PRIMARY
              ? daemon.call(
                  "invalidate", request.with("minor", minor).with("peer-node-id", peerNodeId))
              : daemon.call(
                  "invalidate-remote",
                  request
                      .with("resource", resource)
                      .with("peer-node-id", peerNodeId)
                      .with("volume", volume));
      surroundings.err().print(Messages.of(resource, reply));
      if (!(reply instanceof Reply.Done)) {
        surroundings
            .err()
            .printf(
                "%s: what differs is marked; disconnect and connect on the Primary to resynchronize"
                    + " it%n",
                resource);
      }
      return ExitCode.of(reply);
    }
  }
}
