package io.jdrbd.driver;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskUser;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.Placement;
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
import io.jdrbd.state.OpenDecision;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Verdict;
import io.jdrbd.transport.Transports;
import io.jdrbd.transport.tcp.TcpTransportFactory;
import java.io.IOException;
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
  private static final int MINOR = 0;
  private static final int POOL_BYTES = 64 << 20;
  private static final long PATIENCE_SECONDS = 60;

  /** Several builds may run these tests on one machine at a time. */
  private static final long PORT = 20_000 + ProcessHandle.current().pid() % 10_000;

  private final EpollLoop loop;
  private final BufferPool pool = new BufferPool(POOL_BYTES);
  private final DiskFile disk;
  private final int peer;
  private final Node node;
  private final DiskUser application;

  /** Handlers that were run, and what the next ones answer. */
  final List<Handlers.Call> handled = new CopyOnWriteArrayList<>();

  private volatile int handlersAnswer;

  /** What is put around the disk when it is attached: {@code errors:op=write}. */
  private volatile List<String> filters = List.of();

  /**
   * @param net options of the connection
   * @param versions that the peer is offered
   */
  TestNode(int nodeId, DiskFile disk, Map<String, String> net, SessionSettings.Versions versions) {
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
    this.application = new DiskUser(loop, pool, () -> node.volume(MINOR).orElseThrow().disk());
    onLoop(() -> node.newResource("r0", nodeId, ResourceOptions.defaults()));
    onLoop(() -> node.newMinor("r0", MINOR, 0, false));
    newPeer(net);
  }

  /**
   * Makes the other node known.
   *
   * @param net options of the connection
   */
  void newPeer(Map<String, String> net) {
    NetOptions options = NetOptions.defaults().with(net).with(Map.of("_name", "peer"));
    onLoop(() -> node.peers().newPeer("r0", peer, options));
    onLoop(() -> node.peers().newPath("r0", peer, endpoint(1 - peer), endpoint(peer)));
  }

  Verdict delPeer() {
    return get(() -> node.peers().delPeer("r0", peer, false));
  }

  private static Endpoint endpoint(int nodeId) {
    return Endpoint.parse("127.0.0.%d:%d".formatted(nodeId + 2, PORT));
  }

  private BlockDisk open() {
    try {
      BlockDisk opened = DiskFile.open(disk.path(), loop, pool);
      for (String filter : filters) {
        opened = FilterSpec.parse(filter).wrap(opened, loop, pool);
      }
      return opened;
    } catch (DiskException e) {
      throw new java.util.concurrent.CompletionException(e);
    }
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
                    new DiskSpec(disk.path().toString(), DiskSpec.AUTO, List.of()),
                    Optional.of(
                        new MetadataPlace(disk.path().toString(), new Placement.Internal())),
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

  /** Begins to open the volume for writing, as an application does. */
  CompletableFuture<Optional<OpenDecision.Refuse>> openVolume() {
    return CompletableFuture.supplyAsync(
            () -> node.openings().open(node.volume(MINOR).orElseThrow(), true), loop)
        .thenCompose(opened -> opened);
  }

  /** The application closes the volume that it had opened. */
  void closeVolume() {
    onLoop(
        () -> {
          node.openings().close(node.volume(MINOR).orElseThrow(), true);
          return true;
        });
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

  /** Begins to write a pattern. */
  CompletableFuture<Void> begin(long offset, int length, int seed) {
    return application.write(offset, DiskUser.pattern(length, seed));
  }

  /** Reads as an application does. */
  byte[] read(long offset, int length) {
    return get(application.read(offset, length));
  }

  /** The data area of the file, as it is. */
  byte[] data() throws IOException {
    return data(DiskFile.DATA_BYTES);
  }

  byte[] data(int bytes) throws IOException {
    return disk.data(bytes);
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
