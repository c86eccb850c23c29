package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.Console;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.OpenDecision;
import io.jdrbd.state.Role;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with a disk that has metadata: what each command leaves on disk. */
class MetadataNodeTest {
  private static final long DISK_BYTES = 64 << 20;
  private static final int POOL_BYTES = 4 << 20;
  private static final int MINOR = 10;
  private static final long PATIENCE_SECONDS = 20;

  @TempDir private Path directory;
  private final EpollLoop loop = new EpollLoop("metadata-node-test");
  private final BufferPool pool = new BufferPool(POOL_BYTES);
  private Node node;
  private Path disk;

  @BeforeEach
  void create() throws Exception {
    disk = directory.resolve("disk");
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    onDisk(
        store -> {
          new MetadataTool(store, FormatVersion.V09, new Yes()).create(CreateOptions.of(1));
          return true;
        });
    node = freshNode();
  }

  private Node freshNode() {
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

  private CompletionStage<BlockDisk> open(DiskSpec spec) {
    return Background.run(
        loop,
        "open",
        () -> DiskOpener.open(spec.path(), DiskOptions.DEFAULT.withThreads(2), loop, pool));
  }

  @Test
  void aLifeFromJustCreatedToDetached() {
    assertThat(attach(Map.of())).isEqualTo(101);
    assertThat(state()).isEqualTo(DiskState.INCONSISTENT);
    assertThat(primary(false)).isEqualTo(-2);
    assertThat(bits()).as("nobody has what is here").isEqualTo(blocks());

    assertThat(primary(true)).isEqualTo(101);
    assertThat(state()).isEqualTo(DiskState.UP_TO_DATE);
    SuperblockV09 promoted = superblock();
    assertThat(flags(promoted)).isEqualTo(0x453);
    assertThat(promoted.currentUuid() & Superblock.UUID_PRIMARY).isEqualTo(1);
    assertThat(promoted.currentUuid()).isNotEqualTo(Superblock.UUID_JUST_CREATED);
    assertThat(promoted.peers().get(1).bitmapUuid()).as("the initial sync's").isNotZero();
    assertThat(promoted.common().effectiveSizeSectors()).isEqualTo(sizeBytes() / 512);
    assertThat(promoted.members()).isEqualTo(1);

    assertThat(write(4096, false)).isEqualTo("done");
    assertThat(secondary()).isEqualTo(101);
    assertThat(flags(superblock())).isEqualTo(0x411);
    assertThat(superblock().currentUuid()).isEqualTo(Generations.plain(promoted.currentUuid()));
    assertThat(detach()).isEqualTo(101);

    Superblock left = readSuperblock();
    assertThat(left.flags().bits()).isEqualTo(0x491);
    assertThat(left.isClean()).isTrue();
  }

  @Test
  void aNewGenerationBeginsWithTheFirstWriteAndOnlyThen() {
    becomeUpToDate();
    long first = superblock().currentUuid();
    primary(false);
    assertThat(superblock().currentUuid()).as("nothing written yet").isEqualTo(first);
    secondary();
    Generations inSync = inSync();
    onLoop(
        () -> {
          volume().metadata().orElseThrow().setGenerations(inSync, error -> {});
          return true;
        });
    primary(false);
    assertThat(write(0, false)).isEqualTo("done");
    long second = superblock().currentUuid();
    assertThat(second).isNotEqualTo(first);
    assertThat(superblock().peers().get(1).bitmapUuid())
        .as("what the peer was last in sync with")
        .isEqualTo(first);
    write(0, false);
    assertThat(superblock().currentUuid()).isEqualTo(second);
  }

  private Generations inSync() {
    Generations generations = Generations.of(superblock());
    for (int peer = 1; peer < SuperblockV09.NODES; peer++) {
      generations = generations.inSyncWith(peer);
    }
    return generations;
  }

  @Test
  void aWriterPromotesAndItsCloseSettles() {
    becomeUpToDate();
    assertThat(onLoop(() -> node.open(volume(), true))).isInstanceOf(OpenDecision.Open.class);
    assertThat(write(1 << 20, false)).isEqualTo("done");
    assertThat(flags(superblock())).isEqualTo(0x453);
    onLoop(
        () -> {
          node.close(volume(), true);
          return true;
        });
    assertThat(onLoop(() -> volume().resource().role())).isEqualTo(Role.SECONDARY);
    assertThat(detach()).isEqualTo(101);
    assertThat(readSuperblock().flags().bits()).isEqualTo(0x491);
  }

  @Test
  void theEndOfTheDaemonLeavesAPrimaryMarked() {
    becomeUpToDate();
    primary(false);
    write(8 << 20, false);
    get(CompletableFuture.supplyAsync(() -> node.close(), loop).thenCompose(stage -> stage));
    Superblock left = readSuperblock();
    assertThat(left.flags().has(DeviceFlag.PRIMARY_IND)).isTrue();
    assertThat(left.isClean()).isFalse();

    node = freshNode();
    assertThat(attach(Map.of())).isEqualTo(101);
    assertThat(onLoop(() -> volume().metadata().orElseThrow().isCrashedPrimary())).isTrue();
    assertThat(state()).isEqualTo(DiskState.UP_TO_DATE);
    assertThat(bits()).as("the active extent").isEqualTo(blocks());
  }

  @Test
  void refusesWithDrbdsNumbers() {
    assertThat(attach(new MetadataPlace(disk.toString(), new Placement.Flexible()), Map.of()))
        .isEqualTo(116);
    assertThat(attach(new MetadataPlace("/dev/null", new Placement.Flexible()), Map.of()))
        .isEqualTo(105);
    assertThat(attach(Map.of("size", "1G"))).isEqualTo(111);
    assertThat(attach(Map.of("al-extents", "67", "size", "16M"))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(16 << 20);
  }

  @Test
  void withoutMetadataItSaysSo() throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(DISK_BYTES);
    }
    assertThat(attach(Map.of())).isEqualTo(119);
    assertThat(state()).isEqualTo(DiskState.DISKLESS);
  }

  @Test
  void aDisabledLogIsOnDisk() {
    assertThat(attach(Map.of("al-updates", "no", "md-flushes", "no"))).isEqualTo(101);
    primary(true);
    write(0, true);
    assertThat(superblock().flags().has(DeviceFlag.AL_DISABLED)).isTrue();
    assertThat(onLoop(() -> volume().view().statistics().alWrites())).isZero();
  }

  private void becomeUpToDate() {
    attach(Map.of());
    primary(true);
    secondary();
  }

  private Volume volume() {
    return node.volume(MINOR).orElseThrow();
  }

  private DiskState state() {
    return onLoop(() -> volume().diskState());
  }

  private long sizeBytes() {
    return onLoop(() -> volume().disk().geometry().sizeBytes());
  }

  private long blocks() {
    return sizeBytes() / 4096;
  }

  private long bits() {
    return onLoop(() -> volume().metadata().orElseThrow().backing().bitmap().weight(0));
  }

  private SuperblockV09 superblock() {
    return (SuperblockV09) onLoop(() -> volume().metadata().orElseThrow().superblock());
  }

  private static int flags(Superblock superblock) {
    return superblock.flags().bits();
  }

  private String write(long offsetBytes, boolean fua) {
    PooledBuffer buffer = pool.tryAllocate(4096).orElseThrow();
    CompletableFuture<String> result = new CompletableFuture<>();
    loop.execute(
        () ->
            volume()
                .disk()
                .submit(
                    new DiskRequest() {
                      @Override
                      public void complete() {
                        result.complete("done");
                      }

                      @Override
                      public void fail(DiskException error) {
                        result.complete(error.getMessage());
                      }
                    }.write(offsetBytes, 4096, buffer, 0, fua)));
    String said = get(result);
    buffer.release();
    return said;
  }

  private int attach(Map<String, String> options) {
    return attach(new MetadataPlace(disk.toString(), new Placement.Internal()), options);
  }

  private int attach(MetadataPlace place, Map<String, String> options) {
    DiskSpec spec = new DiskSpec(disk.toString(), DiskSpec.AUTO, List.of());
    return code(
        () ->
            node.attach(
                MINOR,
                new AttachOptions(spec, Optional.of(place), DiskConfig.defaults().with(options))));
  }

  private int detach() {
    return code(() -> node.detach(MINOR, false, false));
  }

  private int primary(boolean force) {
    return code(() -> node.primary("r0", force));
  }

  private int secondary() {
    return code(() -> node.secondary("r0", false));
  }

  private int code(Supplier<CompletionStage<Verdict>> command) {
    Verdict verdict = get(CompletableFuture.supplyAsync(command, loop).thenCompose(stage -> stage));
    return switch (verdict) {
      case Verdict.Passed passed -> 101;
      case Verdict.Refused refused -> refused.refusal().code();
    };
  }

  private Superblock readSuperblock() {
    return onDisk(MetadataStore::readSuperblock);
  }

  private interface OnDisk<T> {
    T with(MetadataStore store) throws Exception;
  }

  private <T> T onDisk(OnDisk<T> work) {
    try {
      BlockDisk opened =
          DiskOpener.open(disk.toString(), DiskOptions.DEFAULT.withThreads(1), loop, pool);
      try {
        return work.with(
            new MetadataStore(new DiskMedium(opened, loop, pool), new Placement.Internal()));
      } finally {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        loop.execute(() -> opened.close(() -> closed.complete(true)));
        get(closed);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private <T> T onLoop(Supplier<T> action) {
    return get(CompletableFuture.supplyAsync(action, loop));
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static final class Yes implements Console {
    @Override
    public void print(String text) {
      // nobody reads it
    }

    @Override
    public boolean confirm(String question) {
      return true;
    }
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
