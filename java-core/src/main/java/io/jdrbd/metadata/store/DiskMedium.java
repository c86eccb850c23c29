package io.jdrbd.metadata.store;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A {@link BlockDisk} as a medium: each call is carried out on the disk's loop while the caller
 * waits, at most a minute. Never used on the loop itself.
 */
public final class DiskMedium implements MetadataMedium {
  private static final long WAIT_S = 60;
  private static final int PIECE_BYTES = 256 << 10;

  private final BlockDisk disk;
  private final Loop loop;
  private final BufferPool pool;
  private final long sizeBytes;

  /**
   * @param disk opened on the loop; stays the caller's to close
   * @param pool gives a buffer of 256 KiB for the time of each call
   */
  public DiskMedium(BlockDisk disk, Loop loop, BufferPool pool) throws IOException {
    this.disk = disk;
    this.loop = loop;
    this.pool = pool;
    this.sizeBytes =
        await(answer -> loop.execute(() -> answer.complete(disk.geometry().sizeBytes())));
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String description() {
    return disk.description();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    withBuffer(
        buffer -> {
          long at = offsetBytes;
          while (into.hasRemaining()) {
            int length = Math.min(PIECE_BYTES, into.remaining());
            long from = at;
            perform(request -> request.read(from, length, buffer, 0));
            into.put(buffer.nioBuffer(0, length));
            at += length;
          }
        });
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    withBuffer(
        buffer -> {
          long at = offsetBytes;
          while (from.hasRemaining()) {
            int length = Math.min(PIECE_BYTES, from.remaining());
            long to = at;
            buffer.nioBuffer(0, length).put(from.slice(from.position(), length));
            from.position(from.position() + length);
            perform(request -> request.write(to, length, buffer, 0, false));
            at += length;
          }
        });
  }

  @Override
  public void flush() throws IOException {
    perform(DiskRequest::flush);
  }

  private interface Work {
    void with(PooledBuffer buffer) throws IOException;
  }

  private void withBuffer(Work work) throws IOException {
    PooledBuffer buffer =
        await(answer -> pool.allocate(PIECE_BYTES, loop, given -> answer.complete(given)));
    try {
      work.with(buffer);
    } finally {
      buffer.release();
    }
  }

  private void perform(Consumer<DiskRequest> what) throws IOException {
    await(
        answer -> {
          Waiting request = new Waiting(answer);
          what.accept(request);
          loop.execute(() -> disk.submit(request));
        });
  }

  private <T> T await(Consumer<CompletableFuture<T>> start) throws IOException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    start.accept(answer);
    try {
      return answer.get(WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed);
    } catch (TimeoutException late) {
      throw new DiskException(Errno.ETIMEDOUT, "wait", disk.description(), 0, 0);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + disk.description());
    }
  }

  /** A request that somebody waits for. */
  private static final class Waiting extends DiskRequest {
    private final CompletableFuture<Object> answer;

    Waiting(CompletableFuture<Object> answer) {
      this.answer = answer;
    }

    @Override
    public void complete() {
      answer.complete(this);
    }

    @Override
    public void fail(DiskException error) {
      answer.completeExceptionally(error);
    }
  }
}
