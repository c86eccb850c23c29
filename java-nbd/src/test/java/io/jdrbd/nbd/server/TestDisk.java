package io.jdrbd.nbd.server;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A disk in memory that a test can look into: it can hold requests back, fail them, and counts
 * flushes. Blocks that were never written, or were discarded, are holes.
 */
final class TestDisk implements BlockDisk {
  private static final int BLOCK_BYTES = 4096;

  private final Loop loop;
  private final byte[] bytes;
  private final boolean[] allocated;
  private final ArrayDeque<DiskRequest> held = new ArrayDeque<>();
  private boolean holding;
  private Optional<Errno> failure = Optional.empty();
  private int flushes;

  TestDisk(Loop loop, int sizeBytes) {
    this.loop = loop;
    this.bytes = new byte[sizeBytes];
    this.allocated = new boolean[(sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES];
  }

  /** Whether requests wait until {@link #letGo}. */
  void hold() {
    holding = true;
  }

  void letGo() {
    holding = false;
    while (!held.isEmpty()) {
      end(held.poll());
    }
  }

  int heldRequests() {
    return held.size();
  }

  void failWith(Optional<Errno> errno) {
    failure = errno;
  }

  int flushes() {
    return flushes;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public DiskGeometry geometry() {
    return new DiskGeometry(bytes.length, 1, BLOCK_BYTES, BLOCK_BYTES, true, true);
  }

  @Override
  public String description() {
    return "test disk";
  }

  @Override
  public void submit(DiskRequest request) {
    loop.execute(
        () -> {
          if (holding) {
            held.add(request);
          } else {
            end(request);
          }
        });
  }

  private void end(DiskRequest request) {
    if (failure.isPresent()) {
      request.fail(
          new DiskException(
              failure.get(),
              request.op().name(),
              description(),
              request.offsetBytes(),
              request.lengthBytes()));
      return;
    }
    int offset = (int) request.offsetBytes();
    int length = (int) request.lengthBytes();
    switch (request.op()) {
      case READ -> request.buffer().setBytes(request.bufferOffsetBytes(), bytes, offset, length);
      case WRITE -> {
        request.buffer().getBytes(request.bufferOffsetBytes(), bytes, offset, length);
        mark(offset, length, true);
      }
      case FLUSH -> flushes++;
      case DISCARD -> clear(offset, length, false);
      case WRITE_ZEROES -> clear(offset, length, !request.mayDiscard());
    }
    request.complete();
  }

  private void clear(int offset, int length, boolean keepAllocated) {
    Arrays.fill(bytes, offset, offset + length, (byte) 0);
    mark(offset, length, keepAllocated);
  }

  private void mark(int offset, int length, boolean used) {
    for (int block = offset / BLOCK_BYTES; block * BLOCK_BYTES < offset + length; block++) {
      allocated[block] = used;
    }
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    List<Extent> extents = new ArrayList<>();
    long end = offsetBytes + lengthBytes;
    for (long at = offsetBytes; at < end; ) {
      long next = Math.min(end, (at / BLOCK_BYTES + 1) * BLOCK_BYTES);
      boolean hole = !allocated[(int) (at / BLOCK_BYTES)];
      extents.add(new Extent(at, next - at, hole, hole));
      at = next;
    }
    loop.execute(() -> answer.accept(extents));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    loop.execute(() -> answer.accept(geometry()));
  }

  @Override
  public void close(Runnable closed) {
    loop.execute(closed);
  }
}
