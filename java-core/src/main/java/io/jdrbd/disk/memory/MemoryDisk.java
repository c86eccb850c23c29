package io.jdrbd.disk.memory;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.RequestRules;
import io.jdrbd.disk.direct.ReservedMemory;
import io.jdrbd.loop.Loop;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A disk in memory, which is gone when it is closed. It takes memory only where it was written to.
 * Requests are carried out on the loop, all that were submitted in one turn together in one task
 * after it.
 */
public final class MemoryDisk implements BlockDisk {
  /** The largest disk in memory, in bytes. */
  public static final long SIZE_BYTES_MAX = AllocatedPages.DISK_BYTES_MAX;

  private static final int PAGE_BYTES = ReservedMemory.PAGE_BYTES;

  private final Loop loop;
  private final String description;
  private final ReservedMemory memory;
  private final MemorySegment segment;
  private final DiskGeometry geometry;
  private final AllocatedPages allocated = new AllocatedPages(PAGE_BYTES);
  private final ArrayDeque<DiskRequest> waiting = new ArrayDeque<>();
  private final Runnable runTurn = this::runTurn;
  private boolean turnScheduled;
  private boolean closed;

  /**
   * @param sizeBytes from 1 to {@link #SIZE_BYTES_MAX}
   * @throws DiskException if the process may not have so much address space
   */
  public MemoryDisk(Loop loop, long sizeBytes) throws DiskException {
    this(loop, sizeBytes, 1);
  }

  /**
   * A disk in memory that demands aligned requests as a real one does.
   *
   * @param sizeBytes from 1 to {@link #SIZE_BYTES_MAX}, in whole blocks
   * @param logicalBlockBytes from 1 to 4096
   */
  public MemoryDisk(Loop loop, long sizeBytes, int logicalBlockBytes) throws DiskException {
    if (sizeBytes < 1 || sizeBytes > SIZE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "memory disk of %d bytes: must be from 1 to %d".formatted(sizeBytes, SIZE_BYTES_MAX));
    }
    this.loop = loop;
    this.description = "memory of " + sizeBytes + " bytes";
    this.memory = new ReservedMemory(sizeBytes);
    this.segment = memory.segment();
    this.geometry =
        new DiskGeometry(sizeBytes, logicalBlockBytes, PAGE_BYTES, PAGE_BYTES, false, true);
  }

  @Override
  public DiskGeometry geometry() {
    return geometry;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed) {
      loop.execute(() -> request.fail(closedError(request)));
      return;
    }
    waiting.add(request);
    if (!turnScheduled) {
      turnScheduled = true;
      loop.execute(runTurn);
    }
  }

  private DiskException closedError(DiskRequest request) {
    return DiskException.of(Errno.EBADF, request, description, "the disk is closed");
  }

  /** What is submitted from within the end of a request is for the next turn. */
  private void runTurn() {
    try {
      for (int left = waiting.size(); left > 0; left--) {
        run(waiting.remove());
      }
    } finally {
      turnScheduled = !waiting.isEmpty();
      if (turnScheduled) {
        loop.execute(runTurn);
      }
    }
  }

  private void run(DiskRequest request) {
    Optional<DiskException> refusal = RequestRules.refusal(request, geometry, description);
    if (refusal.isPresent()) {
      request.fail(refusal.get());
    } else {
      perform(request);
      request.complete();
    }
  }

  private void perform(DiskRequest request) {
    long offset = request.offsetBytes();
    long length = request.lengthBytes();
    MemorySegment buffer = request.buffer().segment();
    switch (request.op()) {
      case READ -> MemorySegment.copy(segment, offset, buffer, request.bufferOffsetBytes(), length);
      case WRITE -> {
        MemorySegment.copy(buffer, request.bufferOffsetBytes(), segment, offset, length);
        allocated.add(offset, length);
      }
      case DISCARD -> giveUp(offset, length);
      case WRITE_ZEROES -> {
        giveUp(offset, length);
        if (!request.mayDiscard()) {
          allocated.add(offset, length);
        }
      }
      case FLUSH -> {}
    }
  }

  private void giveUp(long offset, long length) {
    memory.zero(offset, length);
    allocated.removeWhole(offset, length, geometry.sizeBytes());
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    loop.execute(() -> answer.accept(allocated.extents(offsetBytes, lengthBytes)));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    loop.execute(() -> answer.accept(geometry));
  }

  @Override
  public void close(Runnable whenClosed) {
    closed = true;
    loop.execute(() -> freeAfterLastTurn(whenClosed));
  }

  private void freeAfterLastTurn(Runnable whenClosed) {
    if (turnScheduled) {
      loop.execute(() -> freeAfterLastTurn(whenClosed));
      return;
    }
    memory.free();
    whenClosed.run();
  }
}
