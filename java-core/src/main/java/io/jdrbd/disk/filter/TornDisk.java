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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A disk with a volatile cache: what was written and not flushed is in memory only. {@link #crash}
 * is a power failure, after which some of it is on the disk, some is not, and some only in part. A
 * daemon that is killed loses all of it.
 *
 * <p>Works on one request after the other, so that same seed means same outcome.
 */
public final class TornDisk extends FilterDisk {
  private static final int SECTOR_BYTES = 512;
  private static final int BOUNCE_BYTES = 64 * 1024;

  private final Loop loop;
  private final long limitBytes;
  private final PooledBuffer bounce;
  private final WriteOut writeOut;
  private final ArrayDeque<DiskRequest> waiting = new ArrayDeque<>();
  private final ArrayDeque<Unflushed> unflushed = new ArrayDeque<>();
  private final Step step = new Step();
  private long unflushedBytes;
  private boolean busy;
  private Optional<Crash> crash = Optional.empty();
  private Optional<Runnable> closed = Optional.empty();

  private record Crash(long seed, Runnable done) {}

  /**
   * @param limitBytes how much data is kept unflushed; with more, everything is written (but not
   *     flushed) to the disk below, as a real cache does
   * @throws DiskException if the pool has no buffer left; the disk below is then still open
   */
  public TornDisk(BlockDisk inner, Loop loop, BufferPool pool, long limitBytes)
      throws DiskException {
    super(inner);
    this.loop = loop;
    this.limitBytes = limitBytes;
    this.bounce =
        pool.tryAllocate(BOUNCE_BYTES)
            .orElseThrow(
                () ->
                    DiskException.ofWhole(
                        Errno.ENOMEM, "open", description(), "the buffer pool is used up"));
    this.writeOut = new WriteOut(inner, bounce);
  }

  @Override
  public String description() {
    return inner().description() + " + torn";
  }

  @Override
  public DiskGeometry geometry() {
    return inner().geometry().withVolatileCache();
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    inner().refresh(now -> answer.accept(now.withVolatileCache()));
  }

  /**
   * The power fails now: requests in flight fail with {@code EIO}, and of what is unflushed a part
   * chosen by the seed reaches the disk. After that the disk is as after a restart and can be used.
   *
   * @param done called on the loop when it can be used again
   */
  public void crash(long seed, Runnable done) {
    crash = Optional.of(new Crash(seed, done));
    next();
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed.isPresent()) {
      fail(request, DiskException.of(Errno.EBADF, request, description(), "the disk is closed"));
      return;
    }
    waiting.add(request);
    next();
  }

  /** What is unflushed is not known below, so all is called data. */
  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    loop.execute(() -> answer.accept(List.of(new Extent(offsetBytes, lengthBytes, false, false))));
  }

  @Override
  public void close(Runnable whenClosed) {
    closed = Optional.of(whenClosed);
    next();
  }

  /** Begins what is next unless something is going on. */
  private void next() {
    if (busy) {
      return;
    }
    if (crash.isPresent()) {
      busy = true;
      restart(crash.get());
    } else if (!waiting.isEmpty()) {
      busy = true;
      begin(waiting.remove());
    } else if (closed.isPresent()) {
      busy = true;
      writeAll(this::closeInner, error -> closeInner());
    }
  }

  private void begin(DiskRequest request) {
    Optional<DiskException> refusal =
        RequestRules.refusal(request, inner().geometry(), description());
    if (refusal.isPresent()) {
      end(request, refusal);
      return;
    }
    switch (request.op()) {
      case READ, DISCARD -> step.start(request);
      case FLUSH -> writeAll(() -> step.start(request), error -> end(request, Optional.of(error)));
      case WRITE, WRITE_ZEROES -> keep(request);
    }
  }

  private void keep(DiskRequest request) {
    if (request.fastOnly() && !inner().geometry().zeroesFast()) {
      String reason = "this disk can only write zeroes as data";
      end(request, Optional.of(DiskException.of(Errno.EOPNOTSUPP, request, description(), reason)));
      return;
    }
    Unflushed write = Unflushed.of(request);
    unflushed.add(write);
    unflushedBytes += write.data().length;
    if (request.fua()) {
      step.start(request);
    } else if (unflushedBytes > limitBytes) {
      writeAll(() -> end(request, Optional.empty()), error -> end(request, Optional.of(error)));
    } else {
      end(request, Optional.empty());
    }
  }

  private void writeAll(Runnable done, Consumer<DiskException> failed) {
    writeOut.start(
        unflushed,
        () -> {
          unflushedBytes = 0;
          done.run();
        },
        failed);
  }

  /** Ends a request in a task of its own, and goes on after it. */
  private void end(DiskRequest request, Optional<DiskException> error) {
    loop.execute(
        () -> {
          busy = false;
          if (crash.isPresent()) {
            request.fail(powerFailed(request));
          } else if (error.isPresent()) {
            request.fail(error.get());
          } else {
            request.complete();
          }
          next();
        });
  }

  private void fail(DiskRequest request, DiskException error) {
    loop.execute(() -> request.fail(error));
  }

  private DiskException powerFailed(DiskRequest request) {
    return DiskException.of(Errno.EIO, request, description(), "the power failed (torn filter)");
  }

  private void restart(Crash failure) {
    for (DiskRequest request : waiting) {
      fail(request, powerFailed(request));
    }
    waiting.clear();
    int sectorBytes = Math.max(SECTOR_BYTES, inner().geometry().logicalBlockBytes());
    Random random = new Random(failure.seed());
    ArrayDeque<Unflushed> survivors = new ArrayDeque<>();
    for (Unflushed write : unflushed) {
      survivors.addAll(write.survivors(random, sectorBytes));
    }
    unflushed.clear();
    unflushed.addAll(survivors);
    Runnable done =
        () -> {
          busy = false;
          crash = Optional.empty();
          failure.done().run();
          next();
        };
    writeAll(done, error -> done.run());
  }

  private void closeInner() {
    bounce.release();
    inner().close(closed.orElseThrow());
  }

  /** The one request that is at the disk below for a request from above. */
  private final class Step extends DiskRequest {
    private DiskRequest outer = this;

    void start(DiskRequest request) {
      outer = request;
      like(request);
      inner().submit(this);
    }

    @Override
    public void complete() {
      if (op() == Op.READ) {
        unflushed.forEach(write -> write.overlay(outer));
      }
      end(outer, Optional.empty());
    }

    @Override
    public void fail(DiskException error) {
      if (op() == Op.WRITE || op() == Op.WRITE_ZEROES) {
        // A write-through that failed: what is on the disk is not known, so it is not kept either.
        unflushedBytes -= unflushed.removeLast().data().length;
      }
      end(outer, Optional.of(error));
    }
  }
}
