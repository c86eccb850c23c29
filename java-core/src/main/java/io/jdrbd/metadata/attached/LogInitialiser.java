package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.format.AlBlock;
import io.jdrbd.metadata.format.AlGeometry;
import java.util.Optional;

/**
 * Writes an empty activity log, block after block. The one that the first transaction goes to comes
 * last, and after a flush: a crash on the way leaves either a transaction to be found or no damaged
 * block but that one, which reading back accepts. Nobody else uses the log meanwhile.
 */
final class LogInitialiser {
  private final BlockDisk disk;
  private final AlGeometry geometry;
  private final MetadataMemory memory;
  private final long offsetBytes;
  private final Step write = new Step(this::written);
  private Completion done = error -> {};
  private int next;

  /**
   * @param offsetBytes where the log begins on the disk
   */
  LogInitialiser(BlockDisk disk, AlGeometry geometry, MetadataMemory memory, long offsetBytes) {
    this.disk = disk;
    this.geometry = geometry;
    this.memory = memory;
    this.offsetBytes = offsetBytes;
  }

  /** Writes it; durable at its end. */
  void run(Completion whenDone) {
    new AlBlock(memory.block(MetadataMemory.logOffset())).initialise();
    new Sequence()
        .then(this::writeAllButFirst)
        .then(step -> disk.submit(new Step(step).flush()))
        .then(step -> submit(new Step(step), geometry.blockOf(0), true))
        .run(whenDone);
  }

  private void writeAllButFirst(Completion whenDone) {
    done = whenDone;
    next = 0;
    written(Optional.empty());
  }

  private void written(Optional<DiskException> error) {
    if (next == geometry.blockOf(0)) {
      next++;
    }
    if (error.isPresent() || next == geometry.blocks()) {
      done.ended(error);
      return;
    }
    submit(write, next, false);
    next++;
  }

  private void submit(Step step, int block, boolean fua) {
    disk.submit(
        step.write(
            offsetBytes + (long) block * AlBlock.BYTES,
            AlBlock.BYTES,
            memory.buffer(),
            MetadataMemory.logOffset(),
            fua));
  }
}
