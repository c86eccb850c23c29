package io.jdrbd.driver;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.Answers;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.metadata.tool.ToolException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The disk of a node: a file with internal metadata. It may be in use while it is looked at.
 *
 * @param path of the file
 */
record DiskFile(Path path) {
  /** What a fresh one has room for. */
  static final int DATA_BYTES = 16 << 20;

  private static final int METADATA_BYTES = 40 << 10;
  private static final int POOL_BYTES = 4 << 20;
  private static final long PATIENCE_SECONDS = 60;

  /** A fresh one, with metadata for one peer. */
  static DiskFile create(Path path) throws IOException {
    return create(path, DATA_BYTES);
  }

  /**
   * A fresh one, with metadata for one peer.
   *
   * @param dataBytes room for data; the bitmap must fit into one page
   */
  static DiskFile create(Path path, int dataBytes) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(dataBytes + METADATA_BYTES);
    }
    DiskFile created = new DiskFile(path);
    created.with(
        store -> {
          new MetadataTool(store, FormatVersion.V09, new Answers(true)).create(CreateOptions.of(1));
          return created;
        });
    return created;
  }

  /** As a node opens it. */
  static BlockDisk open(Path path, EpollLoop loop, BufferPool pool) throws DiskException {
    return DiskOpener.open(path.toString(), DiskOptions.DEFAULT.withThreads(2), loop, pool);
  }

  /** The superblock as it is on the disk now. */
  SuperblockV09 superblock() throws IOException {
    return with(store -> (SuperblockV09) store.readSuperblock());
  }

  /** Marked blocks, as they are on the disk now. */
  long marked() throws IOException {
    return with(store -> store.readBitmap(store.readSuperblock()).weight(0));
  }

  /** The first bytes of the data area. */
  byte[] data(int lengthBytes) throws IOException {
    return Arrays.copyOf(Files.readAllBytes(path), lengthBytes);
  }

  /** The device becomes larger; what is new on it is anything. */
  void grow(int moreBytes, int seed) throws IOException {
    byte[] garbage = new byte[moreBytes];
    new Random(seed).nextBytes(garbage);
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length());
      file.write(garbage);
    }
  }

  /** What is done with metadata. */
  @FunctionalInterface
  private interface Work<T> {
    T with(MetadataStore store) throws IOException, MetadataException, ToolException;
  }

  private <T> T with(Work<T> work) throws IOException {
    try (EpollLoop loop = new EpollLoop("metadata")) {
      BufferPool pool = new BufferPool(POOL_BYTES);
      BlockDisk opened = open(path, loop, pool);
      T done =
          work.with(
              new MetadataStore(new DiskMedium(opened, loop, pool), new Placement.Internal()));
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      loop.execute(() -> opened.close(() -> closed.complete(true)));
      closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
      return done;
    } catch (MetadataException | ToolException e) {
      throw new AssertionError(e);
    }
  }
}
