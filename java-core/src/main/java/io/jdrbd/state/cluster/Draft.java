package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The new state while the rules work on it, beside the old one. What did not exist before counts as
 * diskless and not connected.
 */
final class Draft {
  private final ResourceSnapshot old;
  private final ChangeKind kind;
  private final List<String> reasons = new ArrayList<>();
  private ResourceSnapshot next;

  Draft(ResourceSnapshot old, ResourceSnapshot wanted, ChangeKind kind) {
    this.old = old;
    this.kind = kind;
    this.next = wanted;
  }

  ChangeKind kind() {
    return kind;
  }

  ResourceSnapshot old() {
    return old;
  }

  ResourceSnapshot next() {
    return next;
  }

  /** What the rules have changed, and why. */
  List<String> reasons() {
    return List.copyOf(reasons);
  }

  VolumeSnapshot oldVolume(int volume) {
    return old.volumes().getOrDefault(volume, VolumeSnapshot.diskless(volume));
  }

  ConnectionSnapshot oldConnection(int peer) {
    return old.connections().getOrDefault(peer, ConnectionSnapshot.standAlone(peer));
  }

  PeerDeviceSnapshot oldDevice(int peer, int volume) {
    return oldConnection(peer).devices().getOrDefault(volume, PeerDeviceSnapshot.unknown(volume));
  }

  DiskState disk(int volume) {
    return next.volume(volume).disk();
  }

  PeerDeviceSnapshot device(int peer, int volume) {
    return next.device(peer, volume);
  }

  /** The node ids of the peers that a volume has a connection to. */
  List<Integer> peers(int volume) {
    return next.connections().values().stream()
        .filter(connection -> connection.devices().containsKey(volume))
        .map(ConnectionSnapshot::peer)
        .toList();
  }

  void change(UnaryOperator<ResourceSnapshot> change) {
    next = change.apply(next);
  }

  void changeVolume(int volume, UnaryOperator<VolumeSnapshot> change) {
    next = next.changeVolume(volume, change);
  }

  void changeConnection(int peer, UnaryOperator<ConnectionSnapshot> change) {
    next = next.changeConnection(peer, change);
  }

  void changeDevice(int peer, int volume, UnaryOperator<PeerDeviceSnapshot> change) {
    next = next.changeDevice(peer, volume, change);
  }

  void setDisk(int volume, DiskState disk, String why) {
    if (disk(volume) != disk) {
      note("volume %d: disk %s".formatted(volume, disk.word()), why);
      changeVolume(volume, own -> own.withDisk(disk));
    }
  }

  void setPeerDisk(int peer, int volume, DiskState disk, String why) {
    if (device(peer, volume).disk() != disk) {
      note("volume %d: disk of node %d %s".formatted(volume, peer, disk.word()), why);
      changeDevice(peer, volume, device -> device.withDisk(disk));
    }
  }

  void setReplication(int peer, int volume, ReplicationState replication, String why) {
    if (device(peer, volume).replication() != replication) {
      note(
          "volume %d: replication with node %d %s".formatted(volume, peer, replication.word()),
          why);
      changeDevice(peer, volume, device -> device.withReplication(replication));
    }
  }

  void setPause(int peer, int volume, UnaryOperator<ResyncPause> change) {
    changeDevice(peer, volume, device -> device.withPause(change.apply(device.pause())));
  }

  void note(String what, String why) {
    reasons.add(what + ": " + why);
  }
}
