package io.jdrbd.driver;

import io.jdrbd.cluster.PeerVolume;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.Volume;
import io.jdrbd.resync.SyncOrder;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets resyncs of one volume wait for those of another, of the same or another resource ({@code
 * resync-after}). Looks at all of them some time after each change.
 */
final class SyncDependencies {
  private final Loop loop;
  private final Supplier<Collection<DrivenResource>> resources;
  private boolean due;

  /** Whether anything may wait: what waited for nothing else must be told when nothing waits. */
  private boolean inForce;

  SyncDependencies(Loop loop, Supplier<Collection<DrivenResource>> resources) {
    this.loop = loop;
    this.resources = resources;
  }

  /** A state has changed. */
  void changed() {
    if (!due && (inForce || isUsed())) {
      due = true;
      loop.execute(this::apply);
    }
  }

  private boolean isUsed() {
    return resources.get().stream()
        .flatMap(driven -> driven.resource().volumes().stream())
        .anyMatch(volume -> volume.config().resyncAfter().isPresent());
  }

  private void apply() {
    due = false;
    inForce = isUsed();
    Map<Integer, SyncOrder.Device> devices = new HashMap<>();
    for (DrivenResource driven : resources.get()) {
      for (Volume volume : driven.resource().volumes()) {
        if (volume.diskState() != DiskState.DISKLESS) {
          devices.put(volume.minor(), device(driven, volume));
        }
      }
    }
    for (DrivenResource driven : resources.get()) {
      for (Volume volume : driven.resource().volumes()) {
        boolean waits = SyncOrder.mustWait(volume.minor(), devices);
        driven.resource().connections().stream()
            .flatMap(connection -> known(driven, connection, volume).stream())
            .forEach(known -> known.requests().setWaitsForOther(waits));
      }
    }
  }

  private static SyncOrder.Device device(DrivenResource driven, Volume volume) {
    boolean busy =
        driven.resource().connections().stream()
            .flatMap(connection -> connection.peerDevice(volume.number()).stream())
            .anyMatch(SyncDependencies::isBusy);
    return new SyncOrder.Device(volume.config().resyncAfter(), busy);
  }

  private static boolean isBusy(PeerDevice device) {
    return !device.suspensions().isEmpty()
        || device
            .replication()
            .isBetween(ReplicationState.SYNC_SOURCE, ReplicationState.PAUSED_SYNC_T);
  }

  private static Optional<PeerVolume> known(
      DrivenResource driven, Connection connection, Volume volume) {
    return driven
        .cluster()
        .peer(connection.peerNodeId())
        .flatMap(peer -> peer.volume(volume.number()));
  }
}
