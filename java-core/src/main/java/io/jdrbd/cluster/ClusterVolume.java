package io.jdrbd.cluster;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.rules.Generations;
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
  private final ExposedGeneration exposed = new ExposedGeneration();
  private Optional<BackingDisk> inUse = Optional.empty();
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

  private void attached(BackingDisk backing) {
    inUse = Optional.of(backing);
    disk.attached(backing);
    sized(backing);
  }

  /** The disk has another size. */
  void sized(BackingDisk backing) {
    exportedSectors = backing.sizeBytes() / SECTOR_BYTES;
    disk.setGeometry(geometry(backing.sizeBytes()));
  }

  /** What applications have read and written is remembered by its generation. */
  private void detached() {
    inUse = Optional.empty();
    exposed.learn(local.generations().current());
    disk.detached();
  }

  /** What applications have seen of a volume without a disk; with one, what it was at last. */
  ExposedGeneration exposed() {
    return exposed;
  }

  /** Whether the data here, or what was seen of it, is of this generation. */
  boolean isOfGeneration(long uuid) {
    return backing().isPresent()
        ? Generations.plain(local.generations().current()) == Generations.plain(uuid)
        : exposed.isNone() || exposed.is(uuid) || exposed.isUnconfirmedAfter(uuid);
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

  /** What an administrator wants it to have, in sectors; 0 for all that everybody has. */
  long wishSectors() {
    return local.wishSectors();
  }

  /** An administrator, here or at a peer, wants it to have another size. */
  void wish(long sectors) {
    local.wish(sectors);
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

  /** The state of the own disk decides whether and what applications may read from it. */
  void become(DiskState state) {
    boolean usable = state.isAbove(DiskState.FAILED);
    if (usable && inUse.isEmpty()) {
      backing().ifPresent(this::attached);
    } else if (!usable && inUse.isPresent()) {
      detached();
    }
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
      disk.entrance().hold();
    } else if (!hold && held) {
      disk.entrance().release();
    }
    held = hold;
  }

  /** What comes too late for a disk that has left is no failure of any. */
  @Override
  public void dataFailed(DiskRequest.Op op, DiskException why) {
    if (why.errno() != Errno.EBADF) {
      failures.dataFailed(op, why);
    }
  }

  @Override
  public void metadataFailed(DiskException why) {
    failures.metadataFailed(why);
  }
}
