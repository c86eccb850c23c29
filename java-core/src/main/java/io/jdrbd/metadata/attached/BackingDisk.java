package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.bitmap.BitmapMemoryException;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Extents;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.SuperblockRules;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A disk with metadata, in use: every write is preceded by its place in the activity log and
 * followed by its marks in the bitmap. Used on the disk's loop only.
 *
 * <p>A failure to write metadata is told to whoever waits for it; from then on the activity log
 * refuses every write to a cold extent, because nothing could be promised for it.
 */
public final class BackingDisk {
  private final Loop loop;
  private final LeavableDisk data;
  private final Bitmap bitmap;
  private final BitmapWriter pages;
  private final SuperblockWriter superblocks;
  private final ActivityLog log;
  private final MetadataMemory memory;
  private final BlockDisk metadata;
  private Layout layout;
  private long sizeBytes;
  private boolean finished;
  private Consumer<DiskException> failed = error -> {};

  /**
   * Where things are.
   *
   * @param data the disk that holds the data
   * @param metadata the disk that holds the metadata; the same object where it is internal
   * @param layout of the metadata
   * @param sizeBytes the agreed size of the data
   */
  public record Place(BlockDisk data, BlockDisk metadata, Layout layout, long sizeBytes) {
    /** Whether a flush of the metadata disk is one of the data disk too. */
    boolean isInternal() {
      return layout.isInternal();
    }
  }

  /**
   * Takes over a disk whose metadata was read, whose activity log was applied and emptied.
   *
   * @param superblock as it is on disk
   * @param bitmap as it is on disk, for the agreed size
   * @param alExtents slots of the active set
   * @param memory given back at the end
   */
  public BackingDisk(
      Loop loop,
      Place place,
      Superblock superblock,
      Bitmap bitmap,
      int alExtents,
      MetadataMemory memory) {
    this.layout = place.layout();
    this.metadata = place.metadata();
    this.loop = loop;
    this.data = new LeavableDisk(place.data(), loop);
    this.bitmap = bitmap;
    this.memory = memory;
    this.sizeBytes = place.sizeBytes();
    this.pages = new BitmapWriter(place.metadata(), bitmap, layout.bitmapOffsetBytes(), memory);
    this.superblocks =
        new SuperblockWriter(
            place.metadata(), pages, layout.superblockOffsetBytes(), memory, superblock);
    TransactionWriter transactions =
        new TransactionWriter(place, bitmap, pages, superblock.common().al(), memory);
    boolean updates = !superblock.flags().has(DeviceFlag.AL_DISABLED);
    this.log = new ActivityLog(loop, alExtents, updates, transactions, this::failed);
  }

  /** The agreed size of the data. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Where the metadata is on {@link #metadata}. */
  public Layout layout() {
    return layout;
  }

  /** The disk that holds the metadata; {@link #data} itself where it is internal. */
  public BlockDisk metadata() {
    return metadata;
  }

  /** The newest superblock, perhaps not on disk yet. */
  public Superblock superblock() {
    return superblocks.latest();
  }

  /** The bitmaps in memory. Changes reach the disk with the next transaction that needs them. */
  public Bitmap bitmap() {
    return bitmap;
  }

  /** The active set. */
  public ActivityLog activityLog() {
    return log;
  }

  /** Bitmap pages written so far. */
  public long bitmapWrites() {
    return pages.writes();
  }

  /** Whom to tell, once, when metadata could not be written. */
  public void whenMetadataFails(Consumer<DiskException> listener) {
    failed = listener;
  }

  private Completion watched(Completion done) {
    return error -> {
      error.ifPresent(this::failed);
      done.ended(error);
    };
  }

  private void failed(DiskException error) {
    Consumer<DiskException> listener = failed;
    failed = ignored -> {};
    listener.accept(error);
  }

  /** The disk with the data, below the activity log. */
  public BlockDisk data() {
    return data;
  }

  /** Requests to {@link #data} that have not ended. */
  public int pending() {
    return data.inFlight();
  }

  /** Whether the disk is being left: no request gets through any more. */
  public boolean isLeft() {
    return data.isLeft();
  }

  /**
   * No request gets through from now on: those that come, and those that wait for the activity log,
   * end with {@code EBADF}.
   *
   * @param drained called on the loop, later, when nothing is on its way any more
   */
  public void leave(Runnable drained) {
    log.leave(left());
    data.leave(drained);
  }

  private DiskException left() {
    return DiskException.ofWhole(
        Errno.EBADF, "write", data.description(), "the disk is being detached");
  }

  /**
   * Nothing reaches the disk from now on, neither a flush nor metadata: it fails with {@code
   * EBADF}. What was begun before is still written.
   *
   * @param then called when nothing is on its way any more, so that the disk can be closed
   */
  public void finish(Runnable then) {
    finished = true;
    log.leave(left());
    log.whenWritten(() -> pages.whenIdle(() -> superblocks.whenIdle(() -> data.end(then))));
  }

  /** Whether any slot has a mark in the range. */
  public boolean isMarked(long offsetBytes, long lengthBytes) {
    BitRange range = touched(offsetBytes, lengthBytes);
    for (int slot = 0; slot < bitmap.slots(); slot++) {
      long bit = bitmap.next(slot, range.first());
      if (bit != Bitmap.NO_BIT && bit < range.end()) {
        return true;
      }
    }
    return false;
  }

  /** Says which extents a write of this range will need. */
  public static void covers(ExtentUser user, long offsetBytes, long lengthBytes) {
    user.wants(Extents.ofByte(offsetBytes), Extents.ofByte(offsetBytes + lengthBytes - 1));
  }

  /** Marks a range in every slot: no peer is known to have what was written there. */
  public void setOutOfSync(long offsetBytes, long lengthBytes) {
    bitmap.setInAllSlots(touched(offsetBytes, lengthBytes));
  }

  /** Marks a range in one slot. */
  public void setOutOfSync(int slot, long offsetBytes, long lengthBytes) {
    bitmap.set(slot, touched(offsetBytes, lengthBytes));
  }

  /**
   * Marks a range in some slots.
   *
   * @param slots mask of the slots; bits of slots that do not exist have no meaning
   */
  public void markOutOfSync(long slots, long offsetBytes, long lengthBytes) {
    BitRange bits = touched(offsetBytes, lengthBytes);
    for (int slot = 0; slot < bitmap.slots(); slot++) {
      if ((slots >>> slot & 1) != 0) {
        bitmap.set(slot, bits);
      }
    }
  }

  /** Takes the marks of a range away: the peer of the slot has the same data durably. */
  public void setInSync(int slot, long offsetBytes, long lengthBytes) {
    bitmap.clear(slot, bitmap.area().granularity().covered(offsetBytes, lengthBytes, sizeBytes));
  }

  private BitRange touched(long offsetBytes, long lengthBytes) {
    return bitmap.area().granularity().touched(offsetBytes, lengthBytes);
  }

  /** Changes the superblock and writes it, durably, after everything written before. */
  public void updateSuperblock(UnaryOperator<Superblock> change, Completion done) {
    if (finished) {
      refuse(done);
    } else {
      superblocks.write(change.apply(superblocks.latest()), watched(done));
    }
  }

  private void refuse(Completion done) {
    loop.execute(() -> done.ended(Optional.of(left())));
  }

  /** Writes every changed bitmap page; durable with the next transaction or superblock. */
  public void writeBitmap(Completion done) {
    if (finished) {
      refuse(done);
    } else {
      pages.writeMarked(watched(done));
    }
  }

  /**
   * Writes what is left, as in a detach or a demotion: the bitmap, then the superblock. The caller
   * sees to it that no write is in flight.
   *
   * @param change what the superblock shall say afterwards
   */
  public void settle(UnaryOperator<Superblock> change, Completion done) {
    writeBitmap(
        error -> {
          if (error.isPresent()) {
            done.ended(error);
          } else {
            flushDataThen(change, done);
          }
        });
  }

  private void flushDataThen(UnaryOperator<Superblock> change, Completion done) {
    Completion next =
        (Optional<DiskException> error) -> {
          if (error.isPresent()) {
            done.ended(error);
          } else {
            updateSuperblock(change, done);
          }
        };
    data.submit(new Step(next).flush());
  }

  /**
   * Moves internal metadata behind the data of a device that has grown. Writes go on afterwards.
   *
   * @param to its new place; equal to the present one, nothing happens
   */
  public void relocate(Layout to, Completion done) {
    if (to.superblockOffsetBytes() == layout.superblockOffsetBytes()) {
      done.ended(Optional.empty());
      return;
    }
    move(to, superblocks.latest().common().al(), done);
  }

  /**
   * Gives the activity log another shape. Writes go on afterwards.
   *
   * @param to where the metadata is then; its superblock stays
   */
  public void reshape(Layout to, AlGeometry shape, Completion done) {
    if (to.superblockOffsetBytes() != layout.superblockOffsetBytes()) {
      throw new IllegalArgumentException(
          "the superblock is at %d and would move to %d"
              .formatted(layout.superblockOffsetBytes(), to.superblockOffsetBytes()));
    }
    move(to, shape, done);
  }

  /** The activity log is about to be empty: nothing that it covers may be in a cache only. */
  private void flushData(Completion done) {
    data.submit(new Step(done).flush());
  }

  private void move(Layout to, AlGeometry shape, Completion done) {
    Relocation.Parts parts = new Relocation.Parts(log, pages, superblocks, memory);
    Relocation relocation =
        new Relocation(metadata, this::flushData, bitmap, parts, layout, to, shape);
    relocation.run(
        watched(
            error -> {
              layout = relocation.hasMoved() ? to : layout;
              done.ended(error);
            }));
  }

  /**
   * Lets the data have another size: bits first, then the superblock, and only then the new size
   * counts.
   *
   * @param to where the metadata is by now, with the room for the size
   * @param newSizeBytes not less than the present size
   * @param outOfSync whether what is new may differ from what peers have there
   */
  public void grow(Layout to, long newSizeBytes, boolean outOfSync, Completion done) {
    long sectors = Sectors.ofBytes(newSizeBytes);
    BitGranularity granularity = bitmap.area().granularity();
    try {
      bitmap.resize(granularity.bits(sectors), outOfSync);
    } catch (BitmapMemoryException none) {
      loop.execute(() -> done.ended(Optional.of(noMemory(none))));
      return;
    }
    if (outOfSync && newSizeBytes > sizeBytes) {
      // The last block may have had an end, and more behind it now.
      bitmap.setInAllSlots(granularity.touched(sizeBytes, newSizeBytes - sizeBytes));
    }
    new Sequence()
        .then(this::writeBitmap)
        .then(
            step ->
                updateSuperblock(
                    superblock -> {
                      layout = to;
                      sizeBytes = newSizeBytes;
                      return SuperblockRules.sized(
                          superblock.withCommon(
                              superblock.common().withLayout(to, superblock.common().al())),
                          sectors);
                    },
                    step))
        .run(done);
  }

  /**
   * Lets the data be smaller; what is behind its new end is forgotten. Nothing may be in flight
   * there.
   *
   * @param newSizeBytes not more than the present size
   */
  public void shrink(long newSizeBytes, Completion done) {
    long sectors = Sectors.ofBytes(newSizeBytes);
    bitmap.resize(bitmap.area().granularity().bits(sectors), false);
    sizeBytes = newSizeBytes;
    updateSuperblock(superblock -> SuperblockRules.sized(superblock, sectors), done);
  }

  private DiskException noMemory(BitmapMemoryException none) {
    return DiskException.ofWhole(Errno.ENOMEM, "grow", data.description(), none.getMessage());
  }

  /** Empties the activity log and says so, as {@code apply-al} does. Nothing may be in flight. */
  public void leaveClean(Completion done) {
    LogInitialiser empty =
        new LogInitialiser(
            metadata, superblocks.latest().common().al(), memory, layout.alOffsetBytes());
    new Sequence()
        .then(empty::run)
        .then(step -> updateSuperblock(Superblock::cleaned, step))
        .run(done);
  }

  /** Gives the memory back, that of the bitmaps as well; nothing may be in flight. */
  public void release() {
    memory.release();
    bitmap.release();
  }
}
