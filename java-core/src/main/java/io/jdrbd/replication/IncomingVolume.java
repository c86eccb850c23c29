package io.jdrbd.replication;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Marking;
import io.jdrbd.metadata.attached.TrackedDisk;
import java.util.OptionalInt;

/**
 * One volume as a peer's requests see it, while it has a disk: the data below the activity log, the
 * marks towards that peer, the ranges in use.
 */
public final class IncomingVolume {
  /** The marks are set before the write. */
  private static final Marking MARKED_ALREADY = (offsetBytes, lengthBytes) -> 0;

  private final ReplicatedDisk volume;
  private final BackingDisk disk;
  private final TrackedDisk tracked;
  private final int peer;
  private final OptionalInt slot;
  private final Circumstances circumstances;
  private final VolumeEvents events;
  private long writtenBytes;
  private int active;

  /** What may be different for each request. */
  public interface Circumstances {
    /** Whether a resync or verify runs with this peer. */
    boolean isResyncing();

    /** Whether the peer writes nowhere but here. */
    boolean senderHasNoDisk();

    /** Whether a barrier flushes the disk's cache (spec 2.11.3). */
    boolean isFlushedAtBarriers();
  }

  /**
   * @param disk the local disk
   * @param peer the connection's
   * @param slot the bitmap for the peer
   * @param circumstances are asked when it matters
   * @param events is told of failures
   */
  public IncomingVolume(
      ReplicatedDisk volume,
      BackingDisk disk,
      PeerWrites peer,
      OptionalInt slot,
      Circumstances circumstances,
      VolumeEvents events) {
    this.volume = volume;
    this.disk = disk;
    this.tracked = new TrackedDisk(disk, MARKED_ALREADY);
    this.peer = peer.index();
    this.slot = slot;
    this.circumstances = circumstances;
    this.events = events;
  }

  /** Its number. */
  public int number() {
    return volume.volume();
  }

  /** What the peer has written here. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Writes of the peer that are not answered. */
  public int active() {
    return active;
  }

  void began() {
    active++;
  }

  void ended() {
    active--;
  }

  Ranges ranges() {
    return volume.ranges();
  }

  int peer() {
    return peer;
  }

  boolean isResyncing() {
    return circumstances.isResyncing();
  }

  /** Whether this is for that disk, with the peer's marks in that bitmap. */
  public boolean isFor(BackingDisk otherDisk, OptionalInt otherSlot) {
    return disk.equals(otherDisk) && slot.equals(otherSlot);
  }

  /**
   * What a peer without a disk has written is here only: the mark is there before the data, and
   * from the moment of its arrival on, so that no bitmap is told without it (spec 2.13, step 10).
   *
   * @return whether it is such a write
   */
  boolean markIfHereOnly(long offsetBytes, long lengthBytes) {
    boolean hereOnly = circumstances.senderHasNoDisk();
    if (hereOnly) {
      setOutOfSync(offsetBytes, lengthBytes);
    }
    return hereOnly;
  }

  /**
   * Writes.
   *
   * @param hereOnly the activity log covers the write and its mark
   */
  void write(DiskRequest request, boolean hereOnly) {
    writtenBytes += request.lengthBytes();
    if (hereOnly) {
      tracked.submit(request);
    } else {
      disk.data().submit(request);
    }
  }

  /**
   * At a barrier, when all is written: flushes where that is wanted.
   *
   * @param then in any case
   * @param ifFailed called before, if what was written may be lost
   */
  void makeDurable(Runnable then, Runnable ifFailed) {
    if (circumstances.isFlushedAtBarriers()) {
      flush(then, ifFailed);
    } else {
      then.run();
    }
  }

  /** Flushes the disk's cache; a failure is told to the volume's events too. */
  void flush(Runnable then, Runnable ifFailed) {
    disk.data().submit(new IncomingWrites.Flush(this, then, ifFailed).flush());
  }

  void setOutOfSync(long offsetBytes, long lengthBytes) {
    slot.ifPresent(bitmap -> disk.setOutOfSync(bitmap, offsetBytes, lengthBytes));
  }

  void setInSync(long offsetBytes, long lengthBytes) {
    slot.ifPresent(bitmap -> disk.setInSync(bitmap, offsetBytes, lengthBytes));
  }

  void failed(DiskRequest.Op op, DiskException why) {
    events.dataFailed(op, why);
  }
}
