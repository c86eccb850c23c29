package io.jdrbd.disk;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A disk with its own loop and buffer pool, used from a test's thread by calls that wait for the
 * end. Every wait is bounded.
 */
public final class DiskHarness implements AutoCloseable {
  private static final int POOL_BYTES = 16 << 20;
  private static final long WAIT_S = 30;

  private final EpollLoop loop = new EpollLoop("test");
  private final BufferPool pool = new BufferPool(POOL_BYTES);
  private final BlockDisk disk;
  private boolean closed;

  /** How a test opens its disk. */
  public interface Opener {
    BlockDisk open(Loop loop, BufferPool pool) throws Exception;
  }

  public DiskHarness(Opener opener) {
    try {
      this.disk = opener.open(loop, pool);
    } catch (Exception e) {
      loop.close();
      throw new AssertionError("cannot open the disk: " + e.getMessage(), e);
    }
  }

  public EpollLoop loop() {
    return loop;
  }

  public BufferPool pool() {
    return pool;
  }

  public BlockDisk disk() {
    return disk;
  }

  public DiskGeometry geometry() {
    return ask(answer -> answer.accept(disk.geometry()));
  }

  public byte[] read(long offsetBytes, int lengthBytes) throws DiskException {
    return read(offsetBytes, lengthBytes, 0);
  }

  /** Reads into a buffer from {@code bufferOffset} on. */
  public byte[] read(long offsetBytes, int lengthBytes, int bufferOffset) throws DiskException {
    PooledBuffer buffer = buffer(bufferOffset + lengthBytes);
    try {
      PendingRequest request = new PendingRequest();
      request.read(offsetBytes, lengthBytes, buffer, bufferOffset);
      run(request);
      byte[] data = new byte[lengthBytes];
      buffer.getBytes(bufferOffset, data);
      return data;
    } finally {
      buffer.release();
    }
  }

  public void write(long offsetBytes, byte[] data) throws DiskException {
    write(offsetBytes, data, 0, false);
  }

  /** Writes from a buffer from {@code bufferOffset} on. */
  public void write(long offsetBytes, byte[] data, int bufferOffset, boolean fua)
      throws DiskException {
    PooledBuffer buffer = buffer(bufferOffset + data.length);
    try {
      buffer.setBytes(bufferOffset, data);
      PendingRequest request = new PendingRequest();
      request.write(offsetBytes, data.length, buffer, bufferOffset, fua);
      run(request);
    } finally {
      buffer.release();
    }
  }

  public void flush() throws DiskException {
    PendingRequest request = new PendingRequest();
    request.flush();
    run(request);
  }

  public void discard(long offsetBytes, long lengthBytes) throws DiskException {
    PendingRequest request = new PendingRequest();
    request.discard(offsetBytes, lengthBytes);
    run(request);
  }

  public void writeZeroes(
      long offsetBytes, long lengthBytes, boolean mayDiscard, boolean fua, boolean fastOnly)
      throws DiskException {
    PendingRequest request = new PendingRequest();
    request.writeZeroes(offsetBytes, lengthBytes, mayDiscard, fua, fastOnly);
    run(request);
  }

  public List<Extent> extents(long offsetBytes, long lengthBytes) {
    return ask(answer -> disk.extents(offsetBytes, lengthBytes, answer));
  }

  public DiskGeometry refresh() {
    return ask(disk::refresh);
  }

  /** A buffer that the caller releases. */
  public PooledBuffer buffer(int lengthBytes) {
    return pool.tryAllocate(Math.max(1, lengthBytes)).orElseThrow();
  }

  /** Starts a request on the loop. */
  public PendingRequest start(PendingRequest request) {
    loop.execute(() -> disk.submit(request));
    return request;
  }

  /** Carries a request out. */
  public void run(PendingRequest request) throws DiskException {
    await(start(request));
  }

  /** Waits for the end of a request. */
  public void await(PendingRequest request) throws DiskException {
    try {
      request.end().get(WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DiskException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(request.op() + " did not end", e);
    }
  }

  /** Asks the disk something whose answer arrives later, on the loop. */
  public <T> T ask(Consumer<Consumer<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(() -> question.accept(answer::complete));
    return get(answer);
  }

  /** Closes the disk and waits until it is. */
  public void closeDisk() {
    closed = true;
    this.<Boolean>ask(answer -> disk.close(() -> answer.accept(true)));
  }

  @Override
  public void close() {
    if (!closed) {
      closeDisk();
    }
    loop.close();
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(WAIT_S, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException | ExecutionException e) {
      throw new AssertionError("no answer from the disk", e);
    }
  }
}
