package io.jdrbd.disk.filter;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Writes what a {@link TornDisk} has kept to the disk below, one piece after the other. */
final class WriteOut extends DiskRequest {
  private final BlockDisk disk;
  private final PooledBuffer bounce;
  private ArrayDeque<Unflushed> rest = new ArrayDeque<>();
  private Runnable done = () -> {};
  private Consumer<DiskException> failed = error -> {};

  /** What the first of the rest has been written up to. */
  private long written;

  private long pieceBytes;

  WriteOut(BlockDisk disk, PooledBuffer bounce) {
    this.disk = disk;
    this.bounce = bounce;
  }

  /**
   * Begins.
   *
   * @param writes taken from one by one as they are written; one that fails stays
   */
  void start(ArrayDeque<Unflushed> writes, Runnable whenDone, Consumer<DiskException> whenFailed) {
    rest = writes;
    done = whenDone;
    failed = whenFailed;
    written = 0;
    next();
  }

  private void next() {
    if (rest.isEmpty()) {
      done.run();
      return;
    }
    Unflushed write = rest.getFirst();
    long offset = write.offsetBytes() + written;
    if (write.isZeroes()) {
      pieceBytes = write.lengthBytes();
      writeZeroes(offset, pieceBytes, false, false, false);
    } else {
      pieceBytes = Math.min(bounce.capacity(), write.lengthBytes() - written);
      MemorySegment from = MemorySegment.ofArray(write.data());
      MemorySegment.copy(from, written, bounce.segment(), 0, pieceBytes);
      write(offset, (int) pieceBytes, bounce, 0, false);
    }
    disk.submit(this);
  }

  @Override
  public void complete() {
    written += pieceBytes;
    if (written == rest.getFirst().lengthBytes()) {
      rest.removeFirst();
      written = 0;
    }
    next();
  }

  @Override
  public void fail(DiskException error) {
    failed.accept(error);
  }
}
