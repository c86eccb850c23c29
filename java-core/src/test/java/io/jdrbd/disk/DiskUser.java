package io.jdrbd.disk;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.loop.Loop;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Reads and writes a disk as an application does, from any thread. */
public final class DiskUser {
  private final Loop loop;
  private final BufferPool pool;
  private final Supplier<BlockDisk> disk;

  /**
   * @param loop of the disk
   * @param pool for what is read and written
   * @param disk as it is at the time; asked on the loop
   */
  public DiskUser(Loop loop, BufferPool pool, Supplier<BlockDisk> disk) {
    this.loop = loop;
    this.pool = pool;
    this.disk = disk;
  }

  /** Bytes that look random, and are the same for the same seed. */
  public static byte[] pattern(int lengthBytes, int seed) {
    byte[] bytes = new byte[lengthBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Begins to write; ends with the {@link DiskException} if it fails. */
  public CompletableFuture<Void> write(long offsetBytes, byte[] bytes) {
    return CompletableFuture.completedFuture(offsetBytes)
        .thenComposeAsync(offset -> submitWrite(offset, bytes), loop);
  }

  private CompletableFuture<Void> submitWrite(long offsetBytes, byte[] bytes) {
    PooledBuffer buffer = pool.tryAllocate(bytes.length).orElseThrow();
    buffer.setBytes(0, bytes);
    PendingRequest request = new PendingRequest();
    disk.get().submit(request.write(offsetBytes, bytes.length, buffer, 0, false));
    return request.end().whenComplete((done, error) -> buffer.release());
  }

  /** Begins to read; ends with the {@link DiskException} if it fails. */
  public CompletableFuture<byte[]> read(long offsetBytes, int lengthBytes) {
    return CompletableFuture.completedFuture(offsetBytes)
        .thenComposeAsync(offset -> submitRead(offset, lengthBytes), loop);
  }

  private CompletableFuture<byte[]> submitRead(long offsetBytes, int lengthBytes) {
    PooledBuffer buffer = pool.tryAllocate(lengthBytes).orElseThrow();
    PendingRequest request = new PendingRequest();
    disk.get().submit(request.read(offsetBytes, lengthBytes, buffer, 0));
    return request
        .end()
        .thenApply(done -> bytes(buffer, lengthBytes))
        .whenComplete((bytes, error) -> buffer.release());
  }

  private static byte[] bytes(PooledBuffer buffer, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    buffer.getBytes(0, bytes);
    return bytes;
  }
}
