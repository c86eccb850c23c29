package io.jdrbd.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.OptionalInt;

/** Has a lost peer fenced by the handler {@code fence-peer}, and acts on its answer (spec 4.19). */
final class Fencing {
  private static final int PEER_INCONSISTENT = 3;
  private static final int PEER_OUTDATED = 4;
  private static final int PEER_DOWN = 5;
  private static final int PEER_PRIMARY = 6;
  private static final int PEER_STONITHED = 7;

  private final ClusterResource resource;

  Fencing(ClusterResource resource) {
    this.resource = resource;
  }

  /** The connection to a peer is lost, and nobody knows what the peer does. */
  void fence(ClusterPeer peer) {
    if (!hasDataWorthIt()) {
      end(peer.nodeId(), "the own data is not worth fencing for");
      return;
    }
    long connection = peer.connections();
    var _ =
        resource
            .listener()
            .handler("fence-peer", OptionalInt.of(peer.nodeId()), OptionalInt.empty())
            .thenAccept(code -> fenced(peer, connection, code));
  }

  private boolean hasDataWorthIt() {
    return resource.now().volumes().values().stream()
        .anyMatch(
            volume ->
                volume.disk().isAtLeast(DiskState.CONSISTENT) || volume.facts().disklessByIntent());
  }

  /** What the handler says counts only as long as the peer has not been heard of since. */
  private void fenced(ClusterPeer peer, long connection, int code) {
    if (resource.peer(peer.nodeId()).filter(peer::equals).isEmpty()) {
      return; // it was deleted meanwhile
    }
    ConnectionState state = resource.now().connection(peer.nodeId()).state();
    boolean heard = peer.connections() != connection || state == ConnectionState.CONNECTED;
    resource
        .listener()
        .decided(
            peer.nodeId(),
            "fencing",
            code >= PEER_INCONSISTENT && code <= PEER_STONITHED,
            "handler fence-peer: exit code %d, %s%s"
                .formatted(code, meaning(code), heard ? "; ignored, as the peer is back" : ""));
    if (heard) {
      return;
    }
    switch (code) {
      case PEER_INCONSISTENT -> peerBecomes(peer.nodeId(), DiskState.INCONSISTENT, code);
      case PEER_OUTDATED, PEER_STONITHED -> peerBecomes(peer.nodeId(), DiskState.OUTDATED, code);
      case PEER_DOWN -> {
        if (hasUpToDateData()) {
          peerBecomes(peer.nodeId(), DiskState.OUTDATED, code);
        }
      }
      case PEER_PRIMARY -> outdateSelf();
      default -> {
        // the handler is broken: nothing is known, so that I/O stays frozen
      }
    }
  }

  private static String meaning(int code) {
    return switch (code) {
      case PEER_INCONSISTENT -> "the peer's disk is Inconsistent";
      case PEER_OUTDATED -> "the peer's disk was outdated";
      case PEER_DOWN -> "the peer cannot be reached and is assumed to be dead";
      case PEER_PRIMARY -> "the peer is Primary";
      case PEER_STONITHED -> "the peer was shot";
      default -> "which says nothing";
    };
  }

  private boolean hasUpToDateData() {
    return resource.now().volumes().values().stream()
        .map(VolumeSnapshot::disk)
        .anyMatch(disk -> disk == DiskState.UP_TO_DATE);
  }

  private void peerBecomes(int node, DiskState disk, int code) {
    resource.change(
        now ->
            now.changeConnection(
                node,
                connection ->
                    connection.changeDevices(
                        device -> device.disk().isAbove(disk) ? device.withDisk(disk) : device)),
        ChangeKind.HARD,
        "node %d is fenced (exit code %d)".formatted(node, code));
  }

  private void outdateSelf() {
    resource.change(
        Fencing::outdated, ChangeKind.HARD, "the peer is Primary: this node's data is outdated");
  }

  private static ResourceSnapshot outdated(ResourceSnapshot now) {
    ResourceSnapshot changed = now;
    for (VolumeSnapshot volume : now.volumes().values()) {
      if (volume.disk().isAbove(DiskState.OUTDATED)) {
        changed = changed.changeVolume(volume.number(), own -> own.withDisk(DiskState.OUTDATED));
      }
    }
    return changed;
  }

  /**
   * The suspension for a peer ends.
   *
   * @param withNewUuid it is fenced: what is written from now on is a generation of its own, which
   *     the rules see to; else it is back, and no generation is owed
   */
  void endSuspension(int node, boolean withNewUuid) {
    if (!withNewUuid) {
      resource.volumes().forEach(volume -> resource.states().newUuidIsMade(volume.number()));
    }
    end(node, withNewUuid ? "the peer is fenced" : "the peer is back");
  }

  private void end(int node, String cause) {
    resource.change(
        now -> now.changeConnection(node, connection -> connection.withSuspendedByFencing(false)),
        ChangeKind.HARD,
        cause);
  }
}
