package io.jdrbd.driver;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.Console;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.DiskSpec;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.NodeListener;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.ResizeWish;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Verdict;
import io.jdrbd.transport.Transports;
import io.jdrbd.transport.tcp.TcpTransportFactory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A whole node but for its commands and exports: object model, driver, a file with metadata. */
final class TestNode implements AutoCloseable {
  static final int DATA_BYTES = 16 << 20;

  private static final int MINOR = 0;
  private static final int POOL_BYTES = 64 << 20;
  private static final long PATIENCE_SECONDS = 60;

  /** Several builds may run these tests on one machine at a time. */
  private static final long PORT = 20_000 + ProcessHandle.current().pid() % 10_000;

  private final EpollLoop loop;
  private final BufferPool pool = new BufferPool(POOL_BYTES);
  private final Path disk;
  private final int peer;
  private final Node node;

  /** Handlers that were run, and what the next ones answer. */
  final List<Handlers.Call> handled = new CopyOnWriteArrayList<>();

  private volatile int handlersAnswer;

  /** What is put around the disk when it is attached: {@code errors:op=write}. */
  private volatile List<String> filters = List.of();

  TestNode(int nodeId, Path disk, Map<String, String> net) {
    this(nodeId, disk, net, ClusterDriver.UP_TO_122);
  }

  /**
   * @param versions that the peer is offered
   */
  TestNode(int nodeId, Path disk, Map<String, String> net, SessionSettings.Versions versions) {
    this.disk = disk;
    this.peer = 1 - nodeId;
    this.loop = new EpollLoop("node-" + nodeId);
    this.node =
        new Node(
            loop,
            spec -> CompletableFuture.supplyAsync(this::open),
            pool,
            new ClusterDriver(
                loop,
                new Transports(List.of(new TcpTransportFactory(loop, new Random(nodeId)))),
                () -> new BufferPool(POOL_BYTES),
                new SecureRandom(),
                versions,
                this::handle),
            new Nobody(),
            InstantSource.system());
    onLoop(() -> node.newResource("r0", nodeId, ResourceOptions.defaults()));
    onLoop(() -> node.newMinor("r0", MINOR, 0, false));
    onLoop(
        () ->
            node.peers()
                .newPeer(
                    "r0", peer, NetOptions.defaults().with(net).with(Map.of("_name", "peer"))));
    onLoop(() -> node.peers().newPath("r0", peer, endpoint(nodeId), endpoint(peer)));
  }

  /** A fresh file with metadata for one peer. */
  static void create(Path disk) throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DATA_BYTES + (40 << 10));
    }
    try (EpollLoop loop = new EpollLoop("create-md")) {
      BufferPool pool = new BufferPool(4 << 20);
      BlockDisk opened = open(disk, loop, pool);
      new MetadataTool(
              new MetadataStore(new DiskMedium(opened, loop, pool), new Placement.Internal()),
              FormatVersion.V09,
              new Yes())
          .create(CreateOptions.of(1));
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      loop.execute(() -> opened.close(() -> closed.complete(true)));
      get(closed);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Endpoint endpoint(int nodeId) {
    return Endpoint.parse("127.0.0.%d:%d".formatted(nodeId + 2, PORT));
  }

  private BlockDisk open() {
    try {
      BlockDisk opened = open(disk, loop, pool);
      for (String filter : filters) {
        opened = FilterSpec.parse(filter).wrap(opened, loop, pool);
      }
      return opened;
    } catch (DiskException e) {
      throw new java.util.concurrent.CompletionException(e);
    }
  }

  private static BlockDisk open(Path path, EpollLoop loop, BufferPool pool) throws DiskException {
    return DiskOpener.open(path.toString(), DiskOptions.DEFAULT.withThreads(2), loop, pool);
  }

  private CompletionStage<Integer> handle(Handlers.Call call) {
    handled.add(call);
    return CompletableFuture.completedStage(handlersAnswer);
  }

  void handlersAnswer(int code) {
    handlersAnswer = code;
  }

  void options(Map<String, String> options) {
    onLoop(() -> node.setOptions("r0", ResourceOptions.defaults().with(options)));
  }

  void suspend(boolean suspend) {
    onLoop(() -> suspend ? node.suspendIo(MINOR) : node.resumeIo(MINOR));
  }

  /** What makes I/O wait. */
  Set<IoSuspension> suspensions() {
    return onLoop(() -> node.resource("r0").orElseThrow().suspensions());
  }

  void awaitSuspension(IoSuspension... reasons) {
    await(() -> node.resource("r0").orElseThrow().suspensions().equals(Set.of(reasons)));
  }

  /** Attaches with filters around the disk. */
  Verdict attachThrough(String... wanted) {
    filters = List.of(wanted);
    Verdict verdict = attach();
    filters = List.of();
    return verdict;
  }

  Verdict attach() {
    return get(
        () ->
            node.attach(
                MINOR,
                new AttachOptions(
                    new DiskSpec(disk.toString(), DiskSpec.AUTO, List.of()),
                    Optional.of(new MetadataPlace(disk.toString(), new Placement.Internal())),
                    DiskConfig.defaults())));
  }

  /** {@code new-current-uuid --clear-bitmap}. */
  Verdict newGeneration() {
    return get(() -> node.disks().newCurrentUuid(MINOR, true, false));
  }

  Verdict resize(ResizeWish wish) {
    return get(() -> node.disks().resize(MINOR, wish));
  }

  long sizeBytes() {
    return onLoop(() -> node.volume(MINOR).orElseThrow().disk().geometry().sizeBytes());
  }

  DiskState peerDisk() {
    return onLoop(() -> connection().peerDevice(0).orElseThrow().peerDisk());
  }

  /** The superblock on a disk that may be in use, as it is there now. */
  static SuperblockV09 superblock(Path disk) throws IOException {
    return onDisk(disk, store -> (SuperblockV09) store.readSuperblock());
  }

  /** Marked blocks on a disk that may be in use, as they are there now. */
  static long marked(Path disk) throws IOException {
    return onDisk(disk, store -> store.readBitmap(store.readSuperblock()).weight(0));
  }

  /** What is read from metadata. */
  @FunctionalInterface
  private interface Reading<T> {
    T from(MetadataStore store) throws IOException, MetadataException;
  }

  private static <T> T onDisk(Path disk, Reading<T> reading) throws IOException {
    try (EpollLoop loop = new EpollLoop("dump-md")) {
      BufferPool pool = new BufferPool(4 << 20);
      BlockDisk opened = open(disk, loop, pool);
      T read =
          reading.from(
              new MetadataStore(new DiskMedium(opened, loop, pool), new Placement.Internal()));
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      loop.execute(() -> opened.close(() -> closed.complete(true)));
      get(closed);
      return read;
    } catch (MetadataException e) {
      throw new AssertionError(e);
    }
  }

  Verdict detach() {
    return detach(false);
  }

  Verdict detach(boolean force) {
    return get(() -> node.detach(MINOR, force, false));
  }

  Verdict primary(boolean force) {
    return get(() -> node.primary("r0", force));
  }

  Verdict secondary() {
    return get(() -> node.secondary("r0", false));
  }

  Verdict connect() {
    return onLoop(() -> node.peers().connect("r0", peer, ConnectOptions.PLAIN));
  }

  Verdict disconnect(boolean force) {
    return get(() -> node.peers().disconnect("r0", peer, force));
  }

  private Connection connection() {
    return node.resource("r0").orElseThrow().connection(peer).orElseThrow();
  }

  /** What the node counts of its volume and the peer's. */
  PeerDeviceStatistics statistics() {
    return onLoop(
        () ->
            node.view().getFirst().connections().getFirst().peerDevices().getFirst().statistics());
  }

  DiskState diskState() {
    return onLoop(() -> node.volume(MINOR).orElseThrow().diskState());
  }

  void awaitState(ConnectionState state) {
    await(() -> connection().state() == state);
  }

  void awaitDiskState(DiskState state) {
    await(() -> node.volume(MINOR).orElseThrow().diskState() == state);
  }

  void awaitPeerDisk(DiskState state) {
    await(() -> connection().peerDevice(0).orElseThrow().peerDisk() == state);
  }

  void awaitSize(long bytes) {
    await(() -> node.volume(MINOR).orElseThrow().disk().geometry().sizeBytes() == bytes);
  }

  void awaitEstablished() {
    await(
        () ->
            connection().peerDevice(0).orElseThrow().replication() == ReplicationState.ESTABLISHED);
  }

  void awaitInSync() {
    await(
        () -> {
          var device = connection().peerDevice(0).orElseThrow();
          return device.replication() == ReplicationState.ESTABLISHED
              && device.peerDisk() == DiskState.UP_TO_DATE
              && device.volume().diskState() == DiskState.UP_TO_DATE;
        });
  }

  private void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!onLoop(condition::getAsBoolean)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            onLoop(() -> node.view() + " " + node.resource("r0").orElseThrow().decisions().all()));
      }
      Thread.onSpinWait();
    }
  }

  /** Writes a pattern as an application does, and waits for its end. */
  void write(long offset, int length, int seed) {
    get(begin(offset, length, seed));
  }

  /** The pattern that {@link #write} writes. */
  static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Reads as an application does. */
  byte[] read(long offset, int length) {
    CompletableFuture<byte[]> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          PooledBuffer buffer = pool.tryAllocate(length).orElseThrow();
          node.volume(MINOR)
              .orElseThrow()
              .disk()
              .submit(
                  new DiskRequest() {
                    @Override
                    public void complete() {
                      byte[] bytes = new byte[length];
                      buffer.getBytes(0, bytes);
                      buffer.release();
                      done.complete(bytes);
                    }

                    @Override
                    public void fail(DiskException error) {
                      buffer.release();
                      done.completeExceptionally(error);
                    }
                  }.read(offset, length, buffer, 0));
        });
    return get(done);
  }

  /** Begins to write a pattern. */
  CompletableFuture<Boolean> begin(long offset, int length, int seed) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          PooledBuffer buffer = pool.tryAllocate(length).orElseThrow();
          buffer.setBytes(0, pattern(length, seed));
          node.volume(MINOR)
              .orElseThrow()
              .disk()
              .submit(
                  new DiskRequest() {
                    @Override
                    public void complete() {
                      buffer.release();
                      done.complete(true);
                    }

                    @Override
                    public void fail(DiskException error) {
                      buffer.release();
                      done.completeExceptionally(error);
                    }
                  }.write(offset, length, buffer, 0, false));
        });
    return done;
  }

  /** The data area of the file, as it is. */
  byte[] data() throws IOException {
    return data(DATA_BYTES);
  }

  byte[] data(int bytes) throws IOException {
    return java.util.Arrays.copyOf(Files.readAllBytes(disk), bytes);
  }

  private <T> T onLoop(Supplier<T> action) {
    return get(CompletableFuture.supplyAsync(action, loop));
  }

  private <T> T get(Supplier<CompletionStage<T>> action) {
    return get(CompletableFuture.supplyAsync(action, loop).thenCompose(stage -> stage));
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** As SIGTERM ends a daemon. */
  @Override
  public void close() {
    get(node::close);
    loop.close();
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
    public void gone(String resource) {
      // nobody listens
    }
  }
}
