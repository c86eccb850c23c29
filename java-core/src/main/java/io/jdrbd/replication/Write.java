package io.jdrbd.replication;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.ExtentUser;
import java.util.Arrays;
import java.util.Optional;

/**
 * One write, discard or write of zeroes from its admission until every copy is durable or marked
 * (spec 2.12). It is its own request to the local disk. Used again after its end.
 *
 * <pre>
 *   range free ──► extents active ──► admitted ──► local disk and peers
 *        ──► complete: the application hears of it, the range is free
 *        ──► settled, and all writes before it: marks, extents released
 * </pre>
 */
final class Write extends DiskRequest {
  private enum Local {
    NONE,
    PENDING,
    OK,
    FAILED
  }

  private final ReplicatedDisk disk;
  private final Optional<Write> present = Optional.of(this);
  private final RangeUser range;
  private final ExtentUser extents;
  private Optional<BackingDisk> backing = Optional.empty();
  private Optional<ApplicationWrite> application = Optional.empty();
  private Optional<DiskException> error = Optional.empty();
  private int[] copies = new int[1];
  private Local local = Local.NONE;
  private boolean completed;

  /** Bit n: marked in slot n already, as the peer of that slot does not get it. */
  private long markedSlots;

  private long id;
  private int epoch;
  private long dagtag;

  Write(ReplicatedDisk disk) {
    this.disk = disk;
    this.range =
        new RangeUser() {
          @Override
          public void rangeGranted() {
            activate();
          }
        };
    this.extents =
        new ExtentUser() {
          @Override
          public void granted() {
            admit();
          }

          @Override
          public void refused(DiskException why) {
            if (diskHasChanged()) {
              activate();
            } else {
              giveUp(why);
            }
          }
        };
  }

  /** Begins; its kind, place and buffer are set already. */
  void start(ApplicationWrite of) {
    application = Optional.of(of);
    error = Optional.empty();
    local = Local.NONE;
    completed = false;
    begin();
  }

  /** From the beginning, at first or after it was put aside. */
  void begin() {
    if (disk.ranges()
        .acquire(range, RangeKind.OWN_WRITE, Ranges.NO_PEER, offsetBytes(), lengthBytes())) {
      activate();
    }
  }

  private void activate() {
    backing = disk.backing();
    if (backing.isEmpty()) {
      admit();
      return;
    }
    BackingDisk.covers(extents, offsetBytes(), lengthBytes());
    if (backing.get().activityLog().acquire(extents)) {
      admit();
    }
  }

  /** The disk was detached, or another attached, while this waited for its extents. */
  private boolean diskHasChanged() {
    return !backing.equals(disk.backing());
  }

  /** The activity log could not be written: nothing was changed anywhere. */
  private void giveUp(DiskException why) {
    ApplicationWrite ended = application.orElseThrow();
    disk.ranges().release(range);
    disk.recycle(this);
    disk.metadataFailed(why);
    ended.pieceFailed(why);
  }

  /** Nothing has been changed yet, so that it can wait for better times (spec 2.18). */
  private void putAside() {
    backing.ifPresent(disk -> disk.activityLog().release(extents));
    disk.entrance().add(this);
    disk.ranges().release(range);
  }

  private void admit() {
    if (diskHasChanged()) {
      backing.ifPresent(left -> left.activityLog().release(extents));
      activate();
      return;
    }
    if (!disk.entrance().mayAdmit()) {
      putAside();
      return;
    }
    WriteOrder order = disk.order();
    copies = copies.length == order.peerCount() ? copies : new int[order.peerCount()];
    Arrays.fill(copies, 0);
    order.admit(this, sectors());
    local = backing.isPresent() ? Local.PENDING : Local.NONE;
    markedSlots = 0;
    disk.send(this);
    order.admittedEverywhere();
    if (backing.isPresent()) {
      backing.get().data().submit(this);
    }
    progress();
  }

  void admitted(long id, int epoch, long dagtag) {
    this.id = id;
    this.epoch = epoch;
    this.dagtag = dagtag;
  }

  long id() {
    return id;
  }

  int epoch() {
    return epoch;
  }

  /** The position behind it in the resource's stream of changes. */
  long dagtag() {
    return dagtag;
  }

  /** The volume that is written. */
  ReplicatedDisk volume() {
    return disk;
  }

  /** Its length in the stream of changes. */
  long sectors() {
    return lengthBytes() >>> 9;
  }

  /** Whether the local disk has it. */
  boolean isLocallyOk() {
    return local == Local.OK;
  }

  Optional<Write> present() {
    return present;
  }

  /** What it has come to at a peer. */
  int flags(int peer) {
    return peer < copies.length ? copies[peer] : 0;
  }

  /** Something happened to it at a peer; {@link #progress} has to follow. */
  void copy(int peer, Copy.Event event) {
    copies[peer] = Copy.after(copies[peer], event);
  }

  /**
   * The peer of a slot does not have it, or not for certain: its mark must be there before bitmaps
   * are exchanged, which may be sooner than this ends.
   */
  void markIn(int slot) {
    if (backing.isPresent()) {
      backing.get().setOutOfSync(slot, offsetBytes(), lengthBytes());
      markedSlots |= 1L << slot;
    }
  }

  boolean isMarkedIn(int slot) {
    return (markedSlots >>> slot & 1) != 0;
  }

  /** The peer has given it up, or was lost with it. */
  void failedAt(int peer, Copy.Event how) {
    copy(peer, how);
    if (!Copy.isOk(flags(peer))) {
      disk.marks().slotOf(peer).ifPresent(this::markIn);
    }
  }

  @Override
  public void complete() {
    local = Local.OK;
    progress();
  }

  @Override
  public void fail(DiskException why) {
    local = Local.FAILED;
    error = Optional.of(why);
    disk.localFailed(this, why);
    progress();
  }

  /** Tells the application where nothing is left to wait for, and ends where all is settled. */
  void progress() {
    if (!completed && local != Local.PENDING && !awaitsPeer()) {
      completed = true;
      disk.order().completing(this);
      ApplicationWrite told = application.orElseThrow();
      if (hasSucceeded()) {
        told.pieceDone();
      } else {
        told.pieceFailed(error.orElseGet(() -> disk.noCopy(this)));
      }
      disk.ranges().release(range);
    }
    if (isSettled()) {
      disk.order().settle();
    }
  }

  private boolean awaitsPeer() {
    for (int flags : copies) {
      if (Copy.blocksCompletion(flags)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasSucceeded() {
    if (disk.isWithoutQuorum()) {
      return false;
    }
    if (local == Local.OK) {
      return true;
    }
    for (int flags : copies) {
      if (Copy.isOk(flags)) {
        return true;
      }
    }
    return false;
  }

  boolean isSettled() {
    if (!completed) {
      return false;
    }
    for (int flags : copies) {
      if (!Copy.isSettled(flags)) {
        return false;
      }
    }
    return true;
  }

  /** All is known: marks first, then the extents may be evicted. */
  void end() {
    if (backing.isPresent()) {
      disk.marks().settled(this, backing.get(), local == Local.OK);
      backing.get().activityLog().release(extents);
    }
    disk.recycle(this);
  }
}
