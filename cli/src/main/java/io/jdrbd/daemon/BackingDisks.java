package io.jdrbd.daemon;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.disk.open.EngineChoice;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.DiskSource;
import io.jdrbd.resource.DiskSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens backing disks on a thread of its own for each, as an open may take long. */
final class BackingDisks implements DiskSource {
  private final Loop loop;
  private final BufferPool pool;

  BackingDisks(Loop loop, BufferPool pool) {
    this.loop = loop;
    this.pool = pool;
  }

  @Override
  public CompletionStage<BlockDisk> open(DiskSpec spec) {
    DiskOptions options =
        DiskOptions.DEFAULT
            .withEngine(EngineChoice.parse(spec.engine()))
            .withFilters(spec.filters().stream().map(FilterSpec::parse).toList());
    CompletableFuture<BlockDisk> opened = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("open " + spec.path())
        .start(() -> open(spec.path(), options, opened));
    return opened;
  }

  private void open(String path, DiskOptions options, CompletableFuture<BlockDisk> opened) {
    try {
      BlockDisk disk = DiskOpener.open(path, options, loop, pool);
      loop.execute(() -> opened.complete(disk));
    } catch (DiskException | RuntimeException e) {
      loop.execute(() -> opened.completeExceptionally(e));
    }
  }
}
