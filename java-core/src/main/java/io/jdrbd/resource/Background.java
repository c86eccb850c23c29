package io.jdrbd.resource;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataMedium;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Work that waits for disks: runs on a thread of its own, its result arrives on the loop. */
public final class Background implements MetadataAccess {
  private final Loop loop;
  private final BufferPool pool;

  /**
   * @param pool gives the buffers for reading and writing
   */
  Background(Loop loop, BufferPool pool) {
    this.loop = loop;
    this.pool = pool;
  }

  @Override
  public <T> CompletionStage<T> run(String name, Callable<T> work) {
    return run(loop, name, work);
  }

  @Override
  public MetadataMedium medium(BlockDisk disk) throws IOException {
    return new DiskMedium(disk, loop, pool);
  }

  /**
   * Starts work.
   *
   * @param name of the thread, for people
   * @return completes on the loop, with what the work throws where it fails
   */
  public static <T> CompletionStage<T> run(Loop loop, String name, Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                T result = work.call();
                loop.execute(() -> done.complete(result));
              } catch (Exception e) {
                loop.execute(() -> done.completeExceptionally(e));
              }
            });
    return done;
  }
}
