package io.jdrbd.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;

/**
 * Brings states into force before anything else happens: who gets writes, what may be read, which
 * applications wait (spec 4.5). On the loop.
 */
final class InForce {
  private final ClusterResource resource;
  private final EffectQueue effects;

  /**
   * @param effects what has to be on disk before peers hear of it goes there
   */
  InForce(ClusterResource resource, EffectQueue effects) {
    this.resource = resource;
    this.effects = effects;
  }

  /** The states were some, and are others from now on. */
  void changed(ResourceSnapshot before, ResourceSnapshot after) {
    for (ClusterVolume volume : resource.volumes()) {
      DiskState was = before.volume(volume.number()).disk();
      DiskState is = after.volume(volume.number()).disk();
      if (was != is) {
        disk(volume, was, is);
      }
      volume.disk().setWithoutQuorum(failsWithoutQuorum(after, volume.number()));
      if (after.volume(volume.number()).owesNewUuid() && after.role() == Role.PRIMARY) {
        resource.generations().makeBeforeNextWrite(volume);
      }
    }
    if (before.role() == Role.PRIMARY && after.role() != Role.PRIMARY) {
      resource.volumes().forEach(this::endPrimaryGeneration);
    }
    resource.peers().forEach(peer -> peer.inForce(after.connection(peer.nodeId())));
    holdWrites();
  }

  private static boolean failsWithoutQuorum(ResourceSnapshot state, int volume) {
    return !state.volume(volume).hasQuorum() && !state.settings().suspendsWithoutQuorum();
  }

  /** A disk comes into use or leaves at once; what is said of it waits until it is written. */
  private void disk(ClusterVolume volume, DiskState was, DiskState is) {
    if (volume.local().diskState() != is) {
      if (was.isAbove(DiskState.FAILED) == is.isAbove(DiskState.FAILED)) {
        effects.add(done -> volume.local().setDiskState(is, error -> done.run()));
      } else {
        EffectQueue.Gate written = effects.gate();
        volume.local().setDiskState(is, error -> written.open());
      }
    }
    volume.become(is);
    if (!is.isAbove(DiskState.FAILED) && was.isAbove(DiskState.FAILED)) {
      exposeGenerationsOfOldPeers(volume);
    }
  }

  /** Below version 110 the peer begins the generation that follows the loss of the own disk. */
  private void exposeGenerationsOfOldPeers(ClusterVolume volume) {
    for (ClusterPeer peer : resource.peers()) {
      boolean old = resource.now().connection(peer.nodeId()).facts().isVersion84();
      peer.volume(volume.number())
          .filter(device -> old && device.snapshot().disk() == DiskState.UP_TO_DATE)
          .flatMap(device -> device.identifiers().peer())
          .ifPresent(theirs -> volume.exposed().learn(theirs.current()));
    }
  }

  /** The current generation does not change by this node any more (spec 3.4.1). */
  private void endPrimaryGeneration(ClusterVolume volume) {
    if (volume.backing().isPresent()) {
      effects.add(
          done ->
              volume
                  .local()
                  .setGenerations(volume.local().generations().marked(false), error -> done.run()));
    }
  }

  /** Applications wait where they have to, and go on where not. */
  void holdWrites() {
    for (ClusterVolume volume : resource.volumes()) {
      volume.setHeld(resource.now().isSuspended() || isUnstable(volume.number()));
    }
  }

  /** While states are being negotiated nothing new may be written (spec 2.12.1). */
  private boolean isUnstable(int volume) {
    DiskState disk = resource.now().volume(volume).disk();
    return disk == DiskState.ATTACHING
        || disk == DiskState.NEGOTIATING
        || resource.peers().stream().anyMatch(peer -> peer.connecting().isExchanging())
        || resource.now().connections().values().stream()
            .anyMatch(connection -> isUnstable(connection, connection.device(volume)));
  }

  /**
   * A peer attaches its disk, and what is written now would be in neither's account of it; or a
   * resync is about to make the own data another.
   */
  private static boolean isUnstable(ConnectionSnapshot connection, PeerDeviceSnapshot device) {
    return (connection.isConnected() && device.disk() == DiskState.NEGOTIATING)
        || device.replication() == ReplicationState.WF_BITMAP_T
        || device.replication() == ReplicationState.WF_SYNC_UUID;
  }
}
