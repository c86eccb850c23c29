package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import io.jdrbd.state.sync.UuidFlag;

/**
 * Gathers what the rules have to know besides the states: of disks, of their metadata, and of what
 * peers have said. On the loop.
 */
final class RuleFacts {
  private final ClusterResource resource;

  RuleFacts(ClusterResource resource) {
    this.resource = resource;
  }

  /** The states, with all that is known now. */
  ResourceSnapshot in(ResourceSnapshot states) {
    ResourceSnapshot with = states;
    boolean writing = resource.peers().stream().anyMatch(ClusterPeer::isWriting);
    for (ClusterVolume volume : resource.volumes()) {
      with = with.changeVolume(volume.number(), own -> own(volume, own, writing));
    }
    for (ClusterPeer peer : resource.peers()) {
      with = with.changeConnection(peer.nodeId(), connection -> connection(peer, connection));
      for (PeerVolume device : peer.volumes()) {
        with = Remembered.withSlot(with, device);
      }
    }
    return with;
  }

  private static VolumeSnapshot own(ClusterVolume volume, VolumeSnapshot own, boolean writing) {
    boolean seen = volume.backing().isEmpty() && !volume.exposed().isNone();
    return volume
        .local()
        .withOpeners(own)
        .withFacts(own.facts().withUuidExposed(seen).withPeerWritesInFlight(writing));
  }

  private static ConnectionSnapshot connection(ClusterPeer peer, ConnectionSnapshot connection) {
    ConnectionSnapshot with = connection;
    for (PeerVolume device : peer.volumes()) {
      with = with.changeDevice(device.number(), known -> device(device, known));
    }
    return with.withFacts(with.facts().withHandshake(isInHandshake(peer)));
  }

  /** Whether first states are being exchanged. */
  private static boolean isInHandshake(ClusterPeer peer) {
    if (peer.connecting().isUnderWay()) {
      return peer.connecting().isExchanging();
    }
    return peer.line().isPresent()
        && peer.volumes().stream().anyMatch(device -> !device.peerStates().isDone());
  }

  private static PeerDeviceSnapshot device(PeerVolume device, PeerDeviceSnapshot known) {
    return known.withFacts(
        known
            .facts()
            .withStable(device.identifiers().peer().isPresent() && isStable(device))
            .withToldOldUuid(wasToldOldUuid(device))
            .withSameUuid(isSameUuid(device))
            .withBitmapUuidIsZero(isBitmapUuidZero(device))
            .withDirtyBits(device.dirtyBlocks()));
  }

  /** A node of 8.4 without a disk tells no identifiers; as a Primary it refuses foreign ones. */
  private static boolean isSameUuid(PeerVolume device) {
    boolean refusesOthers =
        device.peer().session().isPresent() && !device.peer().dialect().isVersion9();
    return device
        .identifiers()
        .peer()
        .map(theirs -> device.volume().isOfGeneration(theirs.current()))
        .orElse(refusesOthers);
  }

  private static boolean isStable(PeerVolume device) {
    return !device.peer().dialect().isVersion9()
        || device.identifiers().peerFlags().contains(UuidFlag.STABLE);
  }

  private static boolean wasToldOldUuid(PeerVolume device) {
    if (device.volume().backing().isEmpty()) {
      return false;
    }
    long current = device.volume().local().generations().current();
    return device
        .identifiers()
        .told()
        .filter(told -> told.generations().current() != current)
        .isPresent();
  }

  private static boolean isBitmapUuidZero(PeerVolume device) {
    if (device.volume().backing().isEmpty()) {
      return true;
    }
    Generations own = device.volume().local().generations();
    return own.bitmap().get(device.peer().nodeId()) == 0;
  }
}
