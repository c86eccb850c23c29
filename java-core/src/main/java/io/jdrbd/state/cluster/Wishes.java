package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;

/**
 * The usual wishes: the state in force with what a command, a packet or an event wants to be
 * different. What follows from it is left to {@link StateChange}.
 */
public final class Wishes {
  private Wishes() {}

  /** This node becomes Primary or Secondary. */
  public static ResourceSnapshot role(ResourceSnapshot now, Role role) {
    return now.withRole(role);
  }

  /** This node becomes Primary, and its disks count as UpToDate if no peer has such a one. */
  public static ResourceSnapshot forcedPromotion(ResourceSnapshot now) {
    ResourceSnapshot wanted = now.withRole(Role.PRIMARY);
    for (VolumeSnapshot volume : now.volumes().values()) {
      boolean usable =
          volume.disk().isAtLeast(DiskState.INCONSISTENT) && volume.disk() != DiskState.D_UNKNOWN;
      boolean dataElsewhere =
          now.devicesOf(volume.number()).anyMatch(device -> device.disk() == DiskState.UP_TO_DATE);
      if (usable && !dataElsewhere) {
        wanted = wanted.changeVolume(volume.number(), v -> v.withDisk(DiskState.UP_TO_DATE));
      }
    }
    return wanted;
  }

  /** The state of a connection changes: it is opened, stands, is lost, is given up. */
  public static ResourceSnapshot connection(ResourceSnapshot now, int peer, ConnectionState state) {
    return now.changeConnection(peer, connection -> connection.withState(state));
  }

  /**
   * The connection ends in good order. Where fencing or quorum need to know it, the Secondary of
   * the two becomes Outdated (spec 4.17.1).
   */
  public static ResourceSnapshot disconnect(ResourceSnapshot now, int peer) {
    ResourceSnapshot wanted = connection(now, peer, ConnectionState.DISCONNECTING);
    StateRequest.Outdates outdates = outdates(now, peer);
    for (PeerDeviceSnapshot device : now.connection(peer).devices().values()) {
      int volume = device.volume();
      if (outdates == StateRequest.Outdates.YOU && device.disk().isAbove(DiskState.OUTDATED)) {
        wanted = wanted.changeDevice(peer, volume, d -> d.withDisk(DiskState.OUTDATED));
      }
      if (outdates == StateRequest.Outdates.ME
          && now.volume(volume).disk().isAbove(DiskState.OUTDATED)) {
        wanted = wanted.changeVolume(volume, v -> v.withDisk(DiskState.OUTDATED));
      }
    }
    return wanted;
  }

  /** Whom {@link #disconnect} outdates. */
  public static StateRequest.Outdates outdates(ResourceSnapshot now, int peer) {
    ConnectionSnapshot connection = now.connection(peer);
    boolean counts =
        connection.facts().fences() || !(now.settings().quorum() instanceof QuorumNeed.Off);
    boolean peerPrimary = connection.peerRole() == Role.PRIMARY;
    if (!counts || !connection.isConnected() || now.isPrimary() == peerPrimary) {
      return StateRequest.Outdates.NOBODY;
    }
    return now.isPrimary() ? StateRequest.Outdates.YOU : StateRequest.Outdates.ME;
  }

  /** I/O waits until {@link #resumed}: the command {@code suspend-io}. */
  public static ResourceSnapshot suspended(ResourceSnapshot now) {
    return now.withSuspension(now.suspension().withUser(true));
  }

  /**
   * I/O does not wait for a person any more, nor for a peer's fencing: the command {@code
   * resume-io} (spec 4.19).
   */
  public static ResourceSnapshot resumed(ResourceSnapshot now) {
    ResourceSnapshot wanted = now.withSuspension(now.suspension().withUser(false));
    for (int peer : now.connections().keySet()) {
      wanted =
          wanted.changeConnection(peer, connection -> connection.withSuspendedByFencing(false));
    }
    return wanted;
  }

  /** A disk changes: it is being attached or detached, has failed, is gone. */
  public static ResourceSnapshot disk(ResourceSnapshot now, int volume, DiskState disk) {
    return now.changeVolume(volume, v -> v.withDisk(disk));
  }

  /**
   * A disk was opened. Beside a connected peer with a disk it has to be compared first, otherwise
   * it is as its metadata says (spec 3.9.2).
   */
  public static ResourceSnapshot attached(ResourceSnapshot now, int volume) {
    boolean compared =
        now.connected()
            .flatMap(connection -> connection.devices().values().stream())
            .filter(device -> device.volume() == volume && device.isEstablished())
            .anyMatch(
                device ->
                    device.disk().isAtLeast(DiskState.INCONSISTENT)
                        && device.disk() != DiskState.D_UNKNOWN);
    DiskState disk = compared ? DiskState.NEGOTIATING : MetadataVerdict.disk(now, volume);
    return disk(now, volume, disk);
  }

  /**
   * A peer has told its state (spec 3.3.5, step 13).
   *
   * @param word as received
   * @param decided what the volume does from now on: as before, or what the sync decision gave
   * @param peerDisk the real state of its disk: not Negotiating, unless it is to be shown so
   */
  public static ResourceSnapshot peerState(
      ResourceSnapshot now,
      int peer,
      int volume,
      StateWord word,
      ReplicationState decided,
      DiskState peerDisk) {
    return now.changeConnection(peer, connection -> connection.withPeerRole(word.role()))
        .changeDevice(
            peer,
            volume,
            device ->
                device
                    .withReplication(decided)
                    .withDisk(peerDisk)
                    .withPause(device.pause().withPeer(word.asksForPause()))
                    .withFacts(device.facts().withQuorate(word.hasQuorum())));
  }

  /** What a volume does on a connection changes. */
  public static ResourceSnapshot replication(
      ResourceSnapshot now, int peer, int volume, ReplicationState replication) {
    return now.changeDevice(peer, volume, device -> device.withReplication(replication));
  }

  /**
   * A resync is over: both sides have what the source had.
   *
   * @param failedBlocks blocks could not be written at the target: it stays Inconsistent
   */
  public static ResourceSnapshot resyncFinished(
      ResourceSnapshot now, int peer, int volume, boolean failedBlocks) {
    PeerDeviceSnapshot device = now.device(peer, volume);
    DiskState own = now.volume(volume).disk();
    ResourceSnapshot wanted = replication(now, peer, volume, ReplicationState.ESTABLISHED);
    if (failedBlocks) {
      return wanted;
    }
    return device.replication().isTarget()
        ? disk(wanted, volume, device.disk())
        : wanted.changeDevice(peer, volume, d -> d.withDisk(own));
  }
}
