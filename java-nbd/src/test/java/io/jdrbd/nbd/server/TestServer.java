package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.export.Export;
import io.jdrbd.loop.EpollLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A server in the test's own process, on a loop and in a directory of its own. */
public final class TestServer implements AutoCloseable {
  private static final int POOL_BYTES = 64 << 20;
  private static final long TIMEOUT_S = 20;

  private final EpollLoop loop = new EpollLoop("nbd-test");
  private final BufferPool pool;
  private final NbdServer server;
  private final Path directory;
  private final List<BlockDisk> disks = new ArrayList<>();

  public TestServer() {
    this(NbdServerOptions.DEFAULT, POOL_BYTES);
  }

  public TestServer(NbdServerOptions options, int poolBytes) {
    try {
      directory = Files.createTempDirectory("jdrbd-nbd");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pool = new BufferPool(poolBytes);
    server = new NbdServer(loop, pool, options, ClientListener.NONE);
  }

  public EpollLoop loop() {
    return loop;
  }

  public BufferPool pool() {
    return pool;
  }

  public NbdServer server() {
    return server;
  }

  public Path directory() {
    return directory;
  }

  public Path socket() {
    return directory.resolve("nbd.sock");
  }

  /** Offers an export. */
  public void add(Export export) {
    onLoop(
        () -> {
          server.exports().add(export);
          return true;
        });
  }

  /** Offers a disk in memory, of one whole number of pages. */
  public void addMemoryExport(String name, int bytes, boolean readOnly) {
    try {
      MemoryDisk disk = new MemoryDisk(loop, bytes);
      disks.add(disk);
      add(new TestExport(name, loop, disk, readOnly));
    } catch (DiskException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens on {@link #socket}. */
  public TestServer listen() {
    listen(NbdAddress.Unix.ownerOnly(socket()), TlsPolicy.OFF);
    return this;
  }

  public NbdListener listen(NbdAddress address, TlsPolicy tls) {
    return get(server.listen(address, tls).toCompletableFuture());
  }

  /** Runs on the loop and waits for the result. */
  public <T> T onLoop(Supplier<T> task) {
    return get(CompletableFuture.supplyAsync(task, loop));
  }

  /** Waits until something that is looked at on the loop is true. */
  public void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (!onLoop(condition::getAsBoolean)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so after " + Duration.ofSeconds(TIMEOUT_S) + ": " + what);
      }
      Thread.onSpinWait();
    }
  }

  /** Ends the server; fails if it keeps a connection or a buffer. */
  @Override
  public void close() {
    get(onLoop(server::close).toCompletableFuture());
    await("every buffer is back in the pool", () -> pool.outstanding() == 0);
    for (BlockDisk disk : disks) {
      CompletableFuture<Void> closed = new CompletableFuture<>();
      loop.execute(() -> disk.close(() -> closed.complete(null)));
      get(closed);
    }
    loop.close();
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(directory).doesNotExist();
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
