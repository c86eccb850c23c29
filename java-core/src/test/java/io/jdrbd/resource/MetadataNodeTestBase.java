package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.Answers;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose one volume has a file with fresh metadata as its disk, and what tests do with it.
 */
abstract class MetadataNodeTestBase {
  static final long DISK_BYTES = 64 << 20;
  static final int POOL_BYTES = 4 << 20;
  static final int MINOR = 10;
  static final long PATIENCE_SECONDS = 20;

  @TempDir Path directory;
  final EpollLoop loop = new EpollLoop("metadata-node-test");
  final BufferPool pool = new BufferPool(POOL_BYTES);
  Node node;
  Path disk;

  /** Behaviours around the disk at the next attach. */
  List<String> filters = List.of();

  @BeforeEach
  void create() throws Exception {
    disk = directory.resolve("disk");
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    create(disk, new Placement.Internal());
    node = freshNode();
  }

  /** Makes metadata for one peer. */
  void create(Path path, Placement placement) {
    onDisk(
        path,
        placement,
        store -> {
          new MetadataTool(store, FormatVersion.V09, new Answers(true)).create(CreateOptions.of(1));
          return true;
        });
  }

  Node freshNode() {
    Node fresh =
        new Node(loop, this::open, pool, new NoConnections(), new Nobody(), InstantSource.system());
    onLoop(() -> fresh.newResource("r0", 0, ResourceOptions.defaults()));
    onLoop(() -> fresh.newMinor("r0", MINOR, 0, false));
    return fresh;
  }

  @AfterEach
  void end() {
    get(CompletableFuture.supplyAsync(() -> node.close(), loop).thenCompose(stage -> stage));
    loop.close();
  }

  CompletionStage<BlockDisk> open(DiskSpec spec) {
    return Background.run(
        loop,
        "open",
        () ->
            DiskOpener.open(
                spec.path(),
                DiskOptions.DEFAULT.withThreads(2).withFilters(filtersOf(spec)),
                loop,
                pool));
  }

  private static List<FilterSpec> filtersOf(DiskSpec spec) {
    return spec.filters().stream().map(FilterSpec::parse).toList();
  }

  void becomeUpToDate() {
    attach(Map.of());
    primary(true);
    secondary();
  }

  Volume volume() {
    return node.volume(MINOR).orElseThrow();
  }

  DiskState state() {
    return onLoop(() -> volume().diskState());
  }

  long sizeBytes() {
    return onLoop(() -> volume().disk().geometry().sizeBytes());
  }

  long blocks() {
    return sizeBytes() / 4096;
  }

  long bits() {
    return onLoop(() -> volume().metadata().orElseThrow().backing().bitmap().weight(0));
  }

  SuperblockV09 superblock() {
    return (SuperblockV09) onLoop(() -> volume().metadata().orElseThrow().superblock());
  }

  static int flags(Superblock superblock) {
    return superblock.flags().bits();
  }

  String write(long offsetBytes, boolean fua) {
    return perform((request, buffer) -> request.write(offsetBytes, 4096, buffer, 0, fua));
  }

  /** Starts a write whose buffer goes back when it has ended. */
  CompletableFuture<String> beginWrite(long offsetBytes) {
    PooledBuffer buffer = pool.tryAllocate(4096).orElseThrow();
    return submitted((request, from) -> request.write(offsetBytes, 4096, from, 0, false), buffer)
        .whenComplete((said, error) -> buffer.release());
  }

  String read(long offsetBytes) {
    return perform((request, buffer) -> request.read(offsetBytes, 4096, buffer, 0));
  }

  private interface Filling {
    DiskRequest fill(DiskRequest request, PooledBuffer buffer);
  }

  private String perform(Filling what) {
    PooledBuffer buffer = pool.tryAllocate(4096).orElseThrow();
    String said = get(submitted(what, buffer));
    buffer.release();
    return said;
  }

  private CompletableFuture<String> submitted(Filling what, PooledBuffer buffer) {
    CompletableFuture<String> result = new CompletableFuture<>();
    DiskRequest request =
        new DiskRequest() {
          @Override
          public void complete() {
            result.complete("done");
          }

          @Override
          public void fail(DiskException error) {
            result.complete(error.getMessage());
          }
        };
    loop.execute(() -> volume().disk().submit(what.fill(request, buffer)));
    return result;
  }

  /** Waits, for a bounded time, until the disk's state is this one. */
  void awaitState(DiskState wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (state() != wanted) {
      assertThat(System.nanoTime()).as("%s, not %s", state(), wanted).isLessThan(deadline);
    }
  }

  /** Lets the file be as large as this. */
  void resizeFile(long bytes) throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(bytes);
    }
  }

  int attach(Map<String, String> options) {
    return attach(new MetadataPlace(disk.toString(), new Placement.Internal()), options);
  }

  int attach(MetadataPlace place, Map<String, String> options) {
    DiskSpec spec = new DiskSpec(disk.toString(), DiskSpec.AUTO, filters);
    return code(
        () ->
            node.attach(
                MINOR,
                new AttachOptions(spec, Optional.of(place), DiskConfig.defaults().with(options))));
  }

  int detach() {
    return code(() -> node.detach(MINOR, false, false));
  }

  int primary(boolean force) {
    return code(() -> node.primary("r0", force));
  }

  int secondary() {
    return code(() -> node.secondary("r0", false));
  }

  int code(Supplier<CompletionStage<Verdict>> command) {
    Verdict verdict = get(CompletableFuture.supplyAsync(command, loop).thenCompose(stage -> stage));
    return switch (verdict) {
      case Verdict.Passed passed -> 101;
      case Verdict.Refused refused -> refused.refusal().code();
    };
  }

  Superblock readSuperblock() {
    return onDisk(MetadataStore::readSuperblock);
  }

  interface OnDisk<T> {
    T with(MetadataStore store) throws Exception;
  }

  <T> T onDisk(OnDisk<T> work) {
    return onDisk(disk, new Placement.Internal(), work);
  }

  <T> T onDisk(Path path, Placement placement, OnDisk<T> work) {
    try {
      BlockDisk opened =
          DiskOpener.open(path.toString(), DiskOptions.DEFAULT.withThreads(1), loop, pool);
      try {
        return work.with(new MetadataStore(new DiskMedium(opened, loop, pool), placement));
      } finally {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        loop.execute(() -> opened.close(() -> closed.complete(true)));
        get(closed);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  <T> T onLoop(Supplier<T> action) {
    return get(CompletableFuture.supplyAsync(action, loop));
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static final class Nobody implements NodeListener {
    @Override
    public void changed(ResourceView resource) {
      // nobody listens
    }

    @Override
    public void gone(String name) {
      // nobody listens
    }
  }
}
