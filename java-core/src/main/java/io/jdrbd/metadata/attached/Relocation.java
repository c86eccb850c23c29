package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.SuperblockRules;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Moves the metadata of a disk in use to the end that its device has by now, or gives its activity
 * log another shape, which moves all but the superblock. Who wants to write to the disk, or to the
 * superblock, waits meanwhile.
 *
 * <p>Where old and new place do not touch, the old one stays valid until the superblock at the new
 * one is durable, which is written last. Where they do, the new superblock comes first and orders a
 * full sync until log and bitmap are durable (spec 5.9.1); it lies behind all of the old metadata.
 * Where the superblock stays, it orders that before it names the new layout.
 */
final class Relocation {
  private final BlockDisk disk;
  private final Consumer<Completion> dataFlush;
  private final ActivityLog log;
  private final BitmapWriter pages;
  private final SuperblockWriter superblocks;
  private final Bitmap bitmap;
  private final MetadataMemory memory;
  private final Layout from;
  private final Layout to;
  private final AlGeometry shape;
  private final boolean stays;
  private boolean moved;

  /** What is on its way to disk, and through whom. */
  record Parts(
      ActivityLog log, BitmapWriter pages, SuperblockWriter superblocks, MetadataMemory memory) {}

  /**
   * @param disk that holds the metadata
   * @param dataFlush makes durable what was written to the data
   * @param from the present place
   * @param to the new one; its superblock lies behind the present metadata, or where it is
   * @param shape of the activity log there
   */
  Relocation(
      BlockDisk disk,
      Consumer<Completion> dataFlush,
      Bitmap bitmap,
      Parts parts,
      Layout from,
      Layout to,
      AlGeometry shape) {
    this.disk = disk;
    this.dataFlush = dataFlush;
    this.bitmap = bitmap;
    this.log = parts.log();
    this.pages = parts.pages();
    this.superblocks = parts.superblocks();
    this.memory = parts.memory();
    this.from = from;
    this.to = to;
    this.shape = shape;
    this.stays = to.superblockOffsetBytes() == from.superblockOffsetBytes();
    if (!stays && to.superblockOffsetBytes() < from.endByte()) {
      throw new IllegalArgumentException(
          "a superblock at %d would lie in the present metadata, which ends at %d"
              .formatted(to.superblockOffsetBytes(), from.endByte()));
    }
  }

  /** Moves; {@code done} is told when the new place counts, or that the old one still does. */
  void run(Completion done) {
    new Sequence()
        .then(step -> log.pause(() -> step.ended(Optional.empty())))
        .then(dataFlush)
        .then(step -> superblocks.hold(() -> step.ended(Optional.empty())))
        .then(this::move)
        .run(error -> ended(error, done));
  }

  /** From its end on, pages go to the new place, and all of them have to. */
  private void turnPages(Completion done) {
    pages.whenIdle(
        () -> {
          pages.moveTo(to.bitmapOffsetBytes());
          bitmap.markAllPages();
          done.ended(Optional.empty());
        });
  }

  private void move(Completion done) {
    Superblock here = superblocks.latest();
    Superblock there = placed(here);
    LogInitialiser empty = new LogInitialiser(disk, shape, memory, to.alOffsetBytes());
    boolean apart = !stays && to.firstByte() >= from.endByte();
    Sequence steps = new Sequence();
    if (stays) {
      // All that names the layout is in one sector: a mixture is one of two that trust nothing.
      steps
          .then(step -> write(SuperblockRules.distrusting(here), step))
          .then(step -> write(SuperblockRules.distrusting(there), step));
    } else if (!apart) {
      steps.then(step -> writeNew(SuperblockRules.distrusting(there), step));
    }
    steps
        .then(this::turnPages)
        .then(empty::run)
        .then(pages::writeMarked)
        .then(step -> writeTrusted(apart, there, step))
        .thenRun(() -> moved = true);
    if (apart) {
      steps.then(this::zeroOld);
    }
    steps.run(done);
  }

  private void writeTrusted(boolean isFirst, Superblock superblock, Completion done) {
    if (isFirst) {
      writeNew(superblock, done);
    } else {
      write(superblock, done);
    }
  }

  private Superblock placed(Superblock superblock) {
    return superblock.withCommon(superblock.common().withLayout(to, shape));
  }

  /**
   * Where no superblock is: first all but its first sector, which holds the magic, so that no
   * mixture is ever taken for one.
   */
  private void writeNew(Superblock superblock, Completion done) {
    new Sequence()
        .thenRun(
            () -> {
              superblock.encode(memory.block(MetadataMemory.superblockOffset()));
              memory.block(MetadataMemory.superblockOffset()).put(new byte[Sectors.BYTES]);
            })
        .then(this::writeSuperblock)
        .then(step -> write(superblock, step))
        .run(done);
  }

  /** Where the one that orders a full sync is: any mixture of the two will do by now. */
  private void write(Superblock superblock, Completion done) {
    superblock.encode(memory.block(MetadataMemory.superblockOffset()));
    new Sequence()
        .then(step -> disk.submit(new Step(step).flush()))
        .then(this::writeSuperblock)
        .run(done);
  }

  private void writeSuperblock(Completion done) {
    disk.submit(
        new Step(done)
            .write(
                to.superblockOffsetBytes(),
                Superblock.BYTES,
                memory.buffer(),
                MetadataMemory.superblockOffset(),
                true));
  }

  /** What was a superblock, and is data now, is not to be found as one. */
  private void zeroOld(Completion done) {
    new Sequence()
        .then(
            step ->
                disk.submit(
                    new Step(step)
                        .writeZeroes(
                            from.superblockOffsetBytes(), Superblock.BYTES, false, false, false)))
        .then(step -> disk.submit(new Step(step).flush()))
        .run(done);
  }

  /** Whether the new place counts. */
  boolean hasMoved() {
    return moved;
  }

  private void ended(Optional<DiskException> error, Completion done) {
    if (moved) {
      superblocks.release(to.superblockOffsetBytes(), this::placed);
      log.restart(to.alOffsetBytes(), shape);
    } else {
      pages.moveTo(from.bitmapOffsetBytes());
      bitmap.markAllPages();
      superblocks.release(from.superblockOffsetBytes(), superblock -> superblock);
      error.ifPresent(log::giveUp);
    }
    done.ended(error);
  }
}
