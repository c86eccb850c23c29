package io.jdrbd.disk.filter;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.lang.foreign.MemorySegment;

/**
 * An unaligned read, write or write-zeroes on its way through an {@link AlignedDisk}: one piece
 * after the other in a bounce buffer. It is itself the request for the step that it is at. Used
 * again and again.
 *
 * <pre>
 *   (write, write-zeroes: lock) -> buffer -> [write-zeroes: WHOLE_BLOCKS]
 *     -> per piece: FETCH (unless whole blocks are written) -> STORE (unless it is a read)
 *     -> [FUA: SYNC] -> end
 * </pre>
 */
final class UnalignedRequest extends DiskRequest {

  /** What the disk is doing for this request. */
  private enum Step {
    /** It zeroes the blocks that are covered as a whole. */
    WHOLE_BLOCKS,
    /** It reads the piece into the buffer. */
    FETCH,
    /** It writes the piece from the buffer. */
    STORE,
    /** It makes everything durable. */
    SYNC
  }

  private final AlignedDisk disk;
  private final RangeLock lock;

  private final RangeLock.Holder holder =
      new RangeLock.Holder() {
        @Override
        void granted() {
          disk.takeBuffer(UnalignedRequest.this);
        }
      };

  private DiskRequest outer = this;
  private PooledBuffer bounce = PooledBuffer.NONE;
  private Step step = Step.FETCH;

  /** The first byte that is not done yet, and the end of the piece. */
  private long position;

  private long pieceEnd;

  UnalignedRequest(AlignedDisk disk, RangeLock lock) {
    this.disk = disk;
    this.lock = lock;
  }

  /** Begins with a request that is within the disk. */
  void start(DiskRequest request) {
    outer = request;
    position = request.offsetBytes();
    if (isRead()) {
      disk.takeBuffer(this);
    } else {
      long start = disk.roundDown(position);
      lock.acquire(holder, start, disk.roundUp(end()) - start, true);
    }
  }

  /** Goes on with a bounce buffer. */
  void begin(PooledBuffer buffer) {
    bounce = buffer;
    if (outer.op() == Op.WRITE_ZEROES && wholeStart() < wholeEnd()) {
      step = Step.WHOLE_BLOCKS;
      long length = wholeEnd() - wholeStart();
      writeZeroes(wholeStart(), length, outer.mayDiscard(), false, outer.fastOnly());
      disk.inner().submit(this);
    } else {
      nextPiece();
    }
  }

  private boolean isRead() {
    return outer.op() == Op.READ;
  }

  private long end() {
    return outer.offsetBytes() + outer.lengthBytes();
  }

  private long wholeStart() {
    return disk.roundUp(outer.offsetBytes());
  }

  private long wholeEnd() {
    return disk.roundDown(end());
  }

  private void nextPiece() {
    if (outer.op() == Op.WRITE_ZEROES && position == wholeStart() && wholeStart() < wholeEnd()) {
      position = wholeEnd();
    }
    if (position == end()) {
      sync();
      return;
    }
    long start = disk.roundDown(position);
    long limit = start + bounce.capacity();
    if (outer.op() == Op.WRITE_ZEROES && position < wholeStart()) {
      limit = wholeStart();
    }
    pieceEnd = Math.min(end(), limit);
    if (isRead() || position != start || pieceEnd != disk.roundUp(pieceEnd)) {
      fetch();
    } else {
      store();
    }
  }

  private void fetch() {
    step = Step.FETCH;
    read(disk.roundDown(position), pieceLengthOnDisk(), bounce, 0);
    disk.inner().submit(this);
  }

  private void store() {
    step = Step.STORE;
    int length = (int) (pieceEnd - position);
    if (outer.op() == Op.WRITE_ZEROES) {
      bounce.segment().asSlice(positionInBounce(), length).fill((byte) 0);
    } else {
      MemorySegment from = outer.buffer().segment();
      MemorySegment.copy(from, positionInOuter(), bounce.segment(), positionInBounce(), length);
    }
    write(disk.roundDown(position), pieceLengthOnDisk(), bounce, 0, false);
    disk.inner().submit(this);
  }

  private void sync() {
    if (outer.fua()) {
      step = Step.SYNC;
      flush();
      disk.inner().submit(this);
    } else {
      end(outer).complete();
    }
  }

  private int pieceLengthOnDisk() {
    return (int) (disk.roundUp(pieceEnd) - disk.roundDown(position));
  }

  private long positionInBounce() {
    return position - disk.roundDown(position);
  }

  private long positionInOuter() {
    return outer.bufferOffsetBytes() + (position - outer.offsetBytes());
  }

  @Override
  public void complete() {
    switch (step) {
      case WHOLE_BLOCKS -> nextPiece();
      case FETCH -> {
        if (isRead()) {
          deliver();
        } else {
          store();
        }
      }
      case STORE -> {
        position = pieceEnd;
        nextPiece();
      }
      case SYNC -> end(outer).complete();
    }
  }

  private void deliver() {
    MemorySegment into = outer.buffer().segment();
    MemorySegment.copy(
        bounce.segment(), positionInBounce(), into, positionInOuter(), pieceEnd - position);
    position = pieceEnd;
    nextPiece();
  }

  @Override
  public void fail(DiskException error) {
    DiskRequest ended = end(outer);
    ended.fail(
        DiskException.of(
            error.errno(),
            ended,
            error.path(),
            "unaligned; its step failed: " + error.getMessage()));
  }

  /** Gives everything up that this request held. */
  private DiskRequest end(DiskRequest ended) {
    PooledBuffer buffer = bounce;
    outer = this;
    bounce = PooledBuffer.NONE;
    if (ended.op() != Op.READ) {
      lock.release(holder);
    }
    disk.giveBack(buffer);
    disk.ended(this);
    return ended;
  }
}
