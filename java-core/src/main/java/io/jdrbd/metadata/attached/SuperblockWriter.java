package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.format.Superblock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Writes the superblock, one write at a time, each after a flush of what was written before and
 * durable at its end. Changes that arrive meanwhile share the next write.
 */
final class SuperblockWriter {
  private final BlockDisk disk;
  private final BitmapWriter pages;
  private long offsetBytes;
  private final MetadataMemory memory;
  private final Step flush = new Step(this::flushed);
  private final Step write = new Step(this::written);
  private Superblock latest;
  private List<Completion> waiting = new ArrayList<>();
  private List<Completion> writing = List.of();
  private boolean busy;
  private boolean held;
  private Optional<Runnable> whenIdle = Optional.empty();
  private long flushMark;

  SuperblockWriter(
      BlockDisk disk,
      BitmapWriter pages,
      long offsetBytes,
      MetadataMemory memory,
      Superblock onDisk) {
    this.disk = disk;
    this.pages = pages;
    this.offsetBytes = offsetBytes;
    this.memory = memory;
    this.latest = onDisk;
  }

  /** The newest superblock, perhaps not on disk yet. */
  Superblock latest() {
    return latest;
  }

  /** Makes this the newest superblock and writes it. */
  void write(Superblock superblock, Completion done) {
    latest = superblock;
    waiting.add(done);
    if (!busy && !held) {
      start();
    }
  }

  /**
   * Lets writes wait from now on, until {@link #release}.
   *
   * @param idle called when none is on its way any more
   */
  void hold(Runnable idle) {
    held = true;
    whenIdle(idle);
  }

  /** Calls back when none is on its way, or waits, any more. */
  void whenIdle(Runnable then) {
    if (busy) {
      whenIdle = Optional.of(then);
    } else {
      then.run();
    }
  }

  /**
   * Ends a {@link #hold}.
   *
   * @param newOffsetBytes where the superblock is from now on
   * @param change what has become different in it
   */
  void release(long newOffsetBytes, UnaryOperator<Superblock> change) {
    held = false;
    offsetBytes = newOffsetBytes;
    latest = change.apply(latest);
    if (!waiting.isEmpty()) {
      start();
    }
  }

  private void start() {
    busy = true;
    writing = waiting;
    waiting = new ArrayList<>();
    latest.encode(memory.block(MetadataMemory.superblockOffset()));
    flushMark = pages.flushMark();
    disk.submit(flush.flush());
  }

  private void flushed(Optional<DiskException> error) {
    if (error.isPresent()) {
      ended(error);
      return;
    }
    pages.flushed(flushMark);
    disk.submit(
        write.write(
            offsetBytes,
            Superblock.BYTES,
            memory.buffer(),
            MetadataMemory.superblockOffset(),
            true));
  }

  private void written(Optional<DiskException> error) {
    ended(error);
  }

  private void ended(Optional<DiskException> error) {
    busy = false;
    List<Completion> done = writing;
    if (!waiting.isEmpty() && !held) {
      start();
    }
    done.forEach(each -> each.ended(error));
    if (!busy) {
      Optional<Runnable> told = whenIdle;
      whenIdle = Optional.empty();
      told.ifPresent(Runnable::run);
    }
  }
}
