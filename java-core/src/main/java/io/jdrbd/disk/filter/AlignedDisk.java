package io.jdrbd.disk.filter;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.RequestRules;
import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes requests of any alignment for a disk that demands some. What is aligned passes through.
 * What is not goes piece by piece through a few bounce buffers, which belong to this disk from its
 * beginning, so that it never waits for memory that waits for it. Part of a block is written by
 * reading the block, changing it and writing it back, under a lock that keeps other changes of that
 * block out meanwhile.
 */
public final class AlignedDisk extends FilterDisk {
  /** Memory for unaligned requests: so many are worked on at once, others wait. */
  private static final int BOUNCE_BUFFERS = 4;

  private static final int BOUNCE_BYTES = 64 * 1024;

  private final Loop loop;
  private final RangeLock lock = new RangeLock();
  private final ArrayDeque<PooledBuffer> spareBuffers = new ArrayDeque<>();
  private final ArrayDeque<UnalignedRequest> bufferWaiters = new ArrayDeque<>();
  private final ArrayDeque<UnalignedRequest> spareUnaligned = new ArrayDeque<>();
  private final ArrayDeque<AlignedChange> spareChanges = new ArrayDeque<>();
  private final String name;
  private DiskGeometry innerGeometry;
  private DiskGeometry geometry;
  private Optional<Runnable> closed = Optional.empty();
  private int inFlight;

  private AlignedDisk(BlockDisk inner, Loop loop, BufferPool pool) throws DiskException {
    super(inner);
    this.loop = loop;
    this.name = inner.description();
    this.innerGeometry = inner.geometry();
    this.geometry = innerGeometry.withLogicalBlockBytes(1);
    try {
      for (int i = 0; i < BOUNCE_BUFFERS; i++) {
        spareBuffers.add(pool.tryAllocate(BOUNCE_BYTES).orElseThrow(() -> noMemory(inner)));
      }
    } catch (DiskException e) {
      spareBuffers.forEach(PooledBuffer::release);
      throw e;
    }
  }

  /**
   * A disk that takes any alignment: the given one if it does, otherwise one around it.
   *
   * @param pool gives 256 KiB, which come back when the disk is closed
   * @throws DiskException {@code ENOMEM} if the pool has not so much left; the given disk is then
   *     still open
   */
  public static BlockDisk over(BlockDisk disk, Loop loop, BufferPool pool) throws DiskException {
    return disk.geometry().logicalBlockBytes() == 1 ? disk : new AlignedDisk(disk, loop, pool);
  }

  private static DiskException noMemory(BlockDisk disk) {
    return DiskException.ofWhole(
        Errno.ENOMEM,
        "open",
        disk.description(),
        "the buffer pool has no %d buffers of %d bytes left for unaligned requests"
            .formatted(BOUNCE_BUFFERS, BOUNCE_BYTES));
  }

  @Override
  public DiskGeometry geometry() {
    DiskGeometry now = inner().geometry();
    if (!now.equals(innerGeometry)) {
      innerGeometry = now;
      geometry = now.withLogicalBlockBytes(1);
    }
    return geometry;
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    inner().refresh(ignored -> answer.accept(geometry()));
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed.isPresent()) {
      fail(request, DiskException.of(Errno.EBADF, request, name, "the disk is closed"));
    } else if (isAligned(request)) {
      submitAligned(request);
    } else {
      submitUnaligned(request);
    }
  }

  private boolean isAligned(DiskRequest request) {
    int block = innerGeometry.logicalBlockBytes();
    return request.offsetBytes() % block == 0
        && request.lengthBytes() % block == 0
        && request.bufferOffsetBytes() % block == 0;
  }

  private void submitAligned(DiskRequest request) {
    switch (request.op()) {
      case READ, FLUSH -> inner().submit(request);
      case WRITE, DISCARD, WRITE_ZEROES -> {
        if (request.offsetBytes() < 0 || request.lengthBytes() < 1) {
          inner().submit(request);
        } else {
          change().start(request, request.offsetBytes(), request.lengthBytes());
        }
      }
    }
  }

  private void submitUnaligned(DiskRequest request) {
    Optional<DiskException> refusal = RequestRules.refusal(request, geometry(), name);
    if (refusal.isPresent()) {
      fail(request, refusal.get());
    } else if (request.op() == DiskRequest.Op.DISCARD) {
      discardWholeBlocks(request);
    } else {
      inFlight++;
      UnalignedRequest spare = spareUnaligned.poll();
      UnalignedRequest unaligned = spare == null ? new UnalignedRequest(this, lock) : spare;
      unaligned.start(request);
    }
  }

  /** A discard is a hint, so what it covers of a block only in part is left alone. */
  private void discardWholeBlocks(DiskRequest request) {
    long start = roundUp(request.offsetBytes());
    long end = roundDown(request.offsetBytes() + request.lengthBytes());
    if (start < end) {
      change().start(request, start, end - start);
    } else {
      loop.execute(request::complete);
    }
  }

  private AlignedChange change() {
    inFlight++;
    AlignedChange spare = spareChanges.poll();
    return spare == null ? new AlignedChange(this, lock) : spare;
  }

  private void fail(DiskRequest request, DiskException error) {
    loop.execute(() -> request.fail(error));
  }

  long roundDown(long bytes) {
    return bytes - bytes % innerGeometry.logicalBlockBytes();
  }

  long roundUp(long bytes) {
    return roundDown(bytes + innerGeometry.logicalBlockBytes() - 1);
  }

  /** Gives the request a bounce buffer, now or when one is free. */
  void takeBuffer(UnalignedRequest request) {
    PooledBuffer spare = spareBuffers.poll();
    if (spare == null) {
      bufferWaiters.add(request);
    } else {
      request.begin(spare);
    }
  }

  void giveBack(PooledBuffer buffer) {
    UnalignedRequest waiter = bufferWaiters.poll();
    if (waiter == null) {
      spareBuffers.push(buffer);
    } else {
      waiter.begin(buffer);
    }
  }

  void ended(UnalignedRequest request) {
    spareUnaligned.push(request);
    ended();
  }

  void ended(AlignedChange change) {
    spareChanges.push(change);
    ended();
  }

  private void ended() {
    inFlight--;
    closeWhenIdle();
  }

  @Override
  public void close(Runnable whenClosed) {
    closed = Optional.of(whenClosed);
    closeWhenIdle();
  }

  private void closeWhenIdle() {
    if (inFlight == 0 && closed.isPresent()) {
      spareBuffers.forEach(PooledBuffer::release);
      spareBuffers.clear();
      inner().close(closed.get());
    }
  }
}
