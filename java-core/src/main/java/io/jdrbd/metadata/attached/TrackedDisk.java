package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.metadata.format.Extents;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The data area of a {@link BackingDisk} as a disk of its own: whatever is written is covered by
 * the activity log, and marked for those peers that a {@link Marking} names.
 */
public final class TrackedDisk implements BlockDisk {
  /** A multiple of the extent; 32 extents are half of what a transaction takes. */
  private static final long PIECE_BYTES = 32L * Extents.BYTES;

  private final BackingDisk backing;
  private final BlockDisk data;
  private final Marking marking;
  private final ArrayDeque<TrackedWrite> idle = new ArrayDeque<>();

  /** For a node without connected peers: whatever is written is marked for every peer. */
  public TrackedDisk(BackingDisk backing) {
    this(backing, Marking.EVERYBODY);
  }

  public TrackedDisk(BackingDisk backing, Marking marking) {
    this.backing = backing;
    this.marking = marking;
    this.data = backing.data();
  }

  /** The agreed size, rounded down to whole blocks; everything else as of the data disk. */
  @Override
  public DiskGeometry geometry() {
    return cut(data.geometry());
  }

  private DiskGeometry cut(DiskGeometry whole) {
    long size = backing.sizeBytes() / whole.logicalBlockBytes() * whole.logicalBlockBytes();
    return new DiskGeometry(
        size,
        whole.logicalBlockBytes(),
        whole.physicalBlockBytes(),
        whole.discardGranularityBytes(),
        whole.volatileCache(),
        whole.zeroesFast());
  }

  @Override
  public String description() {
    return data.description();
  }

  @Override
  public void submit(DiskRequest request) {
    switch (request.op()) {
      case READ, FLUSH -> data.submit(request);
      case WRITE, DISCARD, WRITE_ZEROES -> {
        TrackedWrite write = idle.isEmpty() ? new TrackedWrite() : idle.remove();
        write.start(request);
      }
    }
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    data.extents(offsetBytes, lengthBytes, answer);
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    data.refresh(whole -> answer.accept(cut(whole)));
  }

  @Override
  public void close(Runnable closed) {
    data.close(closed);
  }

  /**
   * One write from its place in the activity log to its marks. A discard may be longer than what
   * the log takes at once; it goes piece after piece.
   */
  private final class TrackedWrite extends DiskRequest {
    private final Cover cover = new Cover(this);
    private DiskRequest request = this;
    private long pieceStart;
    private long pieceBytes;

    void start(DiskRequest from) {
      request = from;
      startPiece(from.offsetBytes());
    }

    private void startPiece(long offsetBytes) {
      long pieceEnd = (offsetBytes / PIECE_BYTES + 1) * PIECE_BYTES;
      pieceStart = offsetBytes;
      pieceBytes =
          request.op() == Op.WRITE
              ? request.lengthBytes()
              : Math.min(pieceEnd, endBytes()) - offsetBytes;
      BackingDisk.covers(cover, pieceStart, pieceBytes);
      if (backing.activityLog().acquire(cover)) {
        submitPiece();
      }
    }

    private long endBytes() {
      return request.offsetBytes() + request.lengthBytes();
    }

    private void submitPiece() {
      DiskRequest from = request;
      switch (from.op()) {
        case WRITE ->
            write(
                pieceStart, (int) pieceBytes, from.buffer(), from.bufferOffsetBytes(), from.fua());
        case WRITE_ZEROES ->
            writeZeroes(pieceStart, pieceBytes, from.mayDiscard(), from.fua(), from.fastOnly());
        case DISCARD -> discard(pieceStart, pieceBytes);
        case READ, FLUSH ->
            throw new IllegalStateException(from.op() + " does not change anything");
      }
      data.submit(this);
    }

    /** Marks first, release second: the extent must not be evicted without its marks. */
    private void endPiece() {
      backing.markOutOfSync(marking.slots(pieceStart, pieceBytes), pieceStart, pieceBytes);
      backing.activityLog().release(cover);
    }

    private DiskRequest end() {
      DiskRequest ended = request;
      idle.add(this);
      return ended;
    }

    @Override
    public void complete() {
      endPiece();
      long next = pieceStart + pieceBytes;
      if (next < endBytes()) {
        startPiece(next);
      } else {
        end().complete();
      }
    }

    /** Nobody knows what a failed write left behind. */
    @Override
    public void fail(DiskException error) {
      endPiece();
      end().fail(error);
    }

    void refused(DiskException error) {
      end()
          .fail(new DiskException(Errno.EIO, "activity log", error.path(), pieceStart, pieceBytes));
    }
  }

  /** The write's stay in the activity log. */
  private static final class Cover extends ExtentUser {
    private final TrackedWrite write;

    Cover(TrackedWrite write) {
      this.write = write;
    }

    @Override
    public void granted() {
      write.submitPiece();
    }

    @Override
    public void refused(DiskException error) {
      write.refused(error);
    }
  }
}
