package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;

/**
 * A volume on a connection (spec 4.1).
 *
 * @param volume its number
 * @param replication what goes on between both
 * @param disk the state of the peer's disk
 * @param pause why a resync is paused
 * @param resyncActive it is the one resync of the volume that this node is target of
 * @param facts what else is known
 */
public record PeerDeviceSnapshot(
    int volume,
    ReplicationState replication,
    DiskState disk,
    ResyncPause pause,
    boolean resyncActive,
    PeerDeviceFacts facts) {

  /** A volume on a connection that was never up. */
  public static PeerDeviceSnapshot unknown(int volume) {
    return new PeerDeviceSnapshot(
        volume,
        ReplicationState.OFF,
        DiskState.D_UNKNOWN,
        ResyncPause.NONE,
        false,
        PeerDeviceFacts.DEFAULT);
  }

  /** Whether both have agreed on what to do. */
  boolean isEstablished() {
    return replication.isAtLeast(ReplicationState.ESTABLISHED);
  }

  /** Whether it is configured to have no disk there. */
  boolean disklessByIntent() {
    return !facts.bitmap();
  }

  /** Whether this node is source of a resync although its own disk is bad: that waits. */
  boolean isBadSource(DiskState ownDisk) {
    return replication.isSource() && !ownDisk.isAbove(DiskState.INCONSISTENT);
  }

  /** Whether writes go to this peer: its disk is UpToDate, or is on the way there. */
  boolean getsWrites() {
    boolean comes =
        replication == ReplicationState.ESTABLISHED
            || replication.isBetween(ReplicationState.WF_BITMAP_T, ReplicationState.PAUSED_SYNC_T);
    return disk == DiskState.UP_TO_DATE || (disk == DiskState.INCONSISTENT && comes);
  }

  /** The same but for {@link #volume}. */
  public PeerDeviceSnapshot withVolume(int wanted) {
    return new PeerDeviceSnapshot(wanted, replication, disk, pause, resyncActive, facts);
  }

  /** The same but for {@link #replication}. */
  public PeerDeviceSnapshot withReplication(ReplicationState wanted) {
    return new PeerDeviceSnapshot(volume, wanted, disk, pause, resyncActive, facts);
  }

  /** The same but for {@link #disk}. */
  public PeerDeviceSnapshot withDisk(DiskState wanted) {
    return new PeerDeviceSnapshot(volume, replication, wanted, pause, resyncActive, facts);
  }

  /** The same but for {@link #pause}. */
  public PeerDeviceSnapshot withPause(ResyncPause wanted) {
    return new PeerDeviceSnapshot(volume, replication, disk, wanted, resyncActive, facts);
  }

  /** The same but for {@link #resyncActive}. */
  public PeerDeviceSnapshot withResyncActive(boolean wanted) {
    return new PeerDeviceSnapshot(volume, replication, disk, pause, wanted, facts);
  }

  /** The same but for {@link #facts}. */
  public PeerDeviceSnapshot withFacts(PeerDeviceFacts wanted) {
    return new PeerDeviceSnapshot(volume, replication, disk, pause, resyncActive, wanted);
  }
}
