package io.jdrbd.cluster;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.replication.ReplicatedDisk;
import io.jdrbd.replication.VolumeEvents;
import io.jdrbd.replication.WriteOrder;
import io.jdrbd.state.DiskState;
import java.util.Optional;

/** One volume of a resource with peers: what applications use, and how large it is. */
public final class ClusterVolume implements VolumeEvents {
  private static final int SECTOR_BYTES = 512;

  private final LocalVolume local;
  private final ReplicatedDisk disk;
  private final VolumeEvents failures;
  private long exportedSectors;
  private boolean held;

  /**
   * @param failures decides what becomes of a disk that fails ({@code on-io-error})
   */
  ClusterVolume(LocalVolume local, WriteOrder order, VolumeEvents failures) {
    this.local = local;
    this.failures = failures;
    this.disk = new ReplicatedDisk(local.name(), local.number(), order, this);
    local.backing().ifPresent(this::attached);
  }

  /** What it is on this node alone. */
  public LocalVolume local() {
    return local;
  }

  /** What applications use. */
  public ReplicatedDisk disk() {
    return disk;
  }

  int number() {
    return local.number();
  }

  /** A disk has come. */
  void attached(BackingDisk backing) {
    disk.attached(backing);
    sized(backing);
  }

  /** The disk has another size. */
  void sized(BackingDisk backing) {
    exportedSectors = backing.sizeBytes() / SECTOR_BYTES;
    disk.setGeometry(geometry(backing.sizeBytes()));
  }

  /** The disk has gone. */
  void detached() {
    disk.detached();
  }

  Optional<BackingDisk> backing() {
    return local.backing();
  }

  /** What the disk can hold, in sectors; 0 without one. */
  long diskSectors() {
    return backing().map(backing -> backing.sizeBytes() / SECTOR_BYTES).orElse(0L);
  }

  /** What applications see, in sectors; 0 if nothing was agreed yet. */
  long exportedSectors() {
    return exportedSectors;
  }

  /** Another size was agreed. */
  void export(long sectors) {
    exportedSectors = sectors;
    disk.setGeometry(geometry(sectors * SECTOR_BYTES));
  }

  /** The smallest unit of what peers are told and sent: a sector at least. */
  int blockBytes() {
    return Math.max(SECTOR_BYTES, local.geometry().logicalBlockBytes());
  }

  private DiskGeometry geometry(long bytes) {
    DiskGeometry whole = local.geometry();
    int block = blockBytes();
    return new DiskGeometry(
        bytes / block * block,
        block,
        whole.physicalBlockBytes(),
        whole.discardGranularityBytes(),
        whole.volatileCache(),
        whole.zeroesFast());
  }

  /** The state of the own disk decides what applications may read from it. */
  void become(DiskState state) {
    disk.setLocalReads(
        switch (state) {
          case UP_TO_DATE -> ReplicatedDisk.LocalReads.ALL;
          case INCONSISTENT -> ReplicatedDisk.LocalReads.UNMARKED;
          default -> ReplicatedDisk.LocalReads.NONE;
        });
  }

  /** Applications wait from now on, or no longer (spec 2.12.1, 2.18). */
  void setHeld(boolean hold) {
    if (hold && !held) {
      disk.hold();
    } else if (!hold && held) {
      disk.release();
    }
    held = hold;
  }

  @Override
  public void dataFailed(DiskRequest.Op op, DiskException why) {
    failures.dataFailed(op, why);
  }

  @Override
  public void metadataFailed(DiskException why) {
    failures.metadataFailed(why);
  }
}
