package io.jdrbd.driver.sim;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.MortalPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.driver.Handlers;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.MetadataMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.Console;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Decision;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.DiskSpec;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.MetadataAccess;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.NodeListener;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.Volume;
import io.jdrbd.sim.SimMedium;
import io.jdrbd.sim.SimNode;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.transport.TransportFactory;
import io.jdrbd.transport.Transports;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A machine with one volume and one peer: the whole product but for its daemon and exports. */
final class SimHost {
  static final int DATA_BYTES = 5 << 20;
  static final long DATA_SECTORS = DATA_BYTES / 512;
  static final int MINOR = 0;

  /** What the alignment of requests keeps, and nobody gives back. */
  static final int BUFFERS_AT_REST = 4;

  private static final int METADATA_BYTES = 40 << 10;
  private static final long SAME_DATA_UUID = 0x1122334455667788L;
  private static final long PRIMARY_BIT = 1;
  private static final long ATTACH_NS = 1_000_000;

  private final SimWorld world;
  private final SimNode machine;
  private final Plan plan;
  private final int nodeId;
  private final List<ConnectionState> connectionStates = new ArrayList<>();
  private UnaryOperator<TransportFactory> disguise = UnaryOperator.identity();
  private Optional<Node> node = Optional.empty();
  private List<MortalPool> memory = newMemory();

  SimHost(SimWorld world, Plan plan, int nodeId) {
    this.world = world;
    this.plan = plan;
    this.nodeId = nodeId;
    this.machine = world.node(nodeId == 0 ? "alpha" : "bravo", "10.0.0." + (nodeId + 1));
    renewDrive();
  }

  /** Builds in a drive that has never been used; it is switched off. */
  void renewDrive() {
    machine.addDrive("vda", DATA_BYTES + METADATA_BYTES);
  }

  /** From the next life on it speaks through another transport. */
  void disguise(UnaryOperator<TransportFactory> by) {
    disguise = by;
  }

  String name() {
    return machine.name();
  }

  int peer() {
    return 1 - nodeId;
  }

  SimNode machine() {
    return machine;
  }

  SimMedium medium() {
    return machine.drive("vda").medium();
  }

  boolean isUp() {
    return machine.isUp() && node.isPresent();
  }

  // -- metadata

  /** Fresh metadata, or metadata as after an initial sync of two empty disks. */
  void createMetadata() throws IOException, ToolException {
    if (plan.fresh()) {
      createFreshMetadata();
    } else {
      MetadataStore store = new MetadataStore(medium(), new Placement.Internal());
      store.initialiseLog(inSync());
      store.writeSuperblock(inSync());
      medium().flush();
    }
  }

  /** Metadata of a node that has never been in sync with anybody. */
  void createFreshMetadata() throws IOException, ToolException {
    MetadataStore store = new MetadataStore(medium(), new Placement.Internal());
    new MetadataTool(store, FormatVersion.V09, new Yes()).create(CreateOptions.of(1));
    medium().flush();
  }

  private SuperblockV09 inSync() {
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    long bytes = medium().sizeBytes();
    Layout layout = Layout.of(new Placement.Internal(), bytes, area, AlGeometry.DEFAULT);
    CommonFields common =
        CommonFields.created(
                layout,
                area.granularity(),
                AlGeometry.DEFAULT,
                layout.dataSectorsMax(Sectors.ofBytes(bytes), area))
            .withFlags(
                DeviceFlags.CREATED.with(DeviceFlag.CONSISTENT).with(DeviceFlag.WAS_UP_TO_DATE));
    SuperblockV09 superblock =
        SuperblockV09.created(common, 1).withNodeId(nodeId).withCurrentUuid(SAME_DATA_UUID);
    return superblock.withPeer(peer(), superblock.peers().get(peer()).withBitmapIndex(0));
  }

  // -- a life

  /** Switches it on; it attaches and connects as soon as it is up. */
  void start() {
    node = Optional.empty();
    machine.start(alive -> boot());
  }

  private void boot() {
    connectionStates.clear();
    memory.forEach(MortalPool::close);
    memory = newMemory();
    ClusterDriver driver =
        new ClusterDriver(
            machine.loop(),
            new Transports(List.of(disguise.apply(machine.transports()))),
            this::peersPool,
            new SeededRandom(world.random()),
            plan.versions(),
            Handlers.NONE);
    Node booted =
        new Node(
            machine.loop(),
            spec -> CompletableFuture.completedStage(open()),
            pool(),
            driver,
            new Watcher(),
            () -> Instant.ofEpochSecond(0, world.nowNs()),
            new AtOnce());
    node = Optional.of(booted);
    booted.newResource("r0", nodeId, ResourceOptions.defaults());
    booted.newMinor("r0", MINOR, 0, false);
    must(booted.peers().newPeer("r0", peer(), netOptions()));
    must(booted.peers().newPath("r0", peer(), endpoint(nodeId), endpoint(peer())));
    var _ =
        attach()
            .thenAccept(
                verdict -> {
                  must(verdict);
                  must(connect());
                });
  }

  /** For the node's own use, and for what its peer sends. */
  private static List<MortalPool> newMemory() {
    return List.of(new MortalPool(), new MortalPool());
  }

  private NetOptions netOptions() {
    Map<String, String> options = new HashMap<>();
    options.put("_name", "peer");
    options.put("transport", "sim");
    options.put("protocol", plan.protocol());
    options.put("data-integrity-alg", plan.digest());
    options.put("after-sb-1pri", plan.afterSplitBrain());
    if (!plan.secret().isEmpty()) {
      options.put("cram-hmac-alg", "sha256");
      options.put("shared-secret", plan.secret());
    }
    return NetOptions.defaults().with(options);
  }

  private static void must(Verdict verdict) {
    if (!verdict.ok()) {
      throw new AssertionError(verdict.toString());
    }
  }

  private static Endpoint endpoint(int id) {
    return Endpoint.parse("10.0.0.%d:7789".formatted(id + 1));
  }

  private BlockDisk open() {
    return machine.drive("vda").open(machine, plan.diskDelayMaxNs());
  }

  /** The process dies. */
  void kill() {
    machine.kill();
    node = Optional.empty();
  }

  /** The machine loses power. */
  void powerOff() {
    machine.powerOff();
    node = Optional.empty();
  }

  /** The end of its world. */
  void close() {
    powerOff();
    memory.forEach(MortalPool::close);
    memory = List.of();
  }

  // -- commands

  CompletionStage<Verdict> attach() {
    return node()
        .attach(
            MINOR,
            new AttachOptions(
                new DiskSpec("vda", DiskSpec.AUTO, List.of()),
                Optional.of(new MetadataPlace("vda", new Placement.Internal())),
                DiskConfig.defaults()));
  }

  Verdict connect() {
    return connect(ConnectOptions.PLAIN);
  }

  Verdict connect(ConnectOptions how) {
    return node().peers().connect("r0", peer(), how);
  }

  CompletionStage<Verdict> disconnect(boolean force) {
    return node().peers().disconnect("r0", peer(), force);
  }

  CompletionStage<Verdict> primary(boolean force) {
    return node().primary("r0", force);
  }

  CompletionStage<Verdict> secondary() {
    return node().secondary("r0", false);
  }

  // -- what can be seen

  Node node() {
    return node.orElseThrow();
  }

  /** What its applications and its metadata use. */
  BufferPool pool() {
    return memory.getFirst().pool();
  }

  private BufferPool peersPool() {
    return memory.getLast().pool();
  }

  /** How many buffers are in use for what the peer sends. */
  int buffersInUse() {
    return peersPool().outstanding();
  }

  /** Where they were allocated, if {@code io.jdrbd.buffer.trace} is set. */
  List<Throwable> bufferTraces() {
    return peersPool().leaks();
  }

  Volume volume() {
    return node().volume(MINOR).orElseThrow();
  }

  Role role() {
    return node().resource("r0").orElseThrow().role();
  }

  Connection connection() {
    return node().resource("r0").orElseThrow().connection(peer()).orElseThrow();
  }

  PeerDevice device() {
    return connection().peerDevice(0).orElseThrow();
  }

  /** All states that the connection has been in during this life, one after the other. */
  List<ConnectionState> connectionStates() {
    return List.copyOf(connectionStates);
  }

  boolean isConnected() {
    return isUp() && connection().state() == ConnectionState.CONNECTED;
  }

  /** Whether both nodes have compared their data, and go on together. */
  boolean hasAgreed() {
    return isConnected() && device().replication() != ReplicationState.OFF;
  }

  /** Whether everything that this node acknowledges is promised to be on the peer too. */
  boolean isReplicating() {
    return isConnected()
        && device().replication() == ReplicationState.ESTABLISHED
        && device().peerDisk() == DiskState.UP_TO_DATE;
  }

  /** Whether its disk is UpToDate; so it is taken to be as well while the node is down. */
  boolean hasGoodDisk() {
    return !isUp() || volume().diskState() == DiskState.UP_TO_DATE;
  }

  boolean isInSync() {
    return isReplicating() && volume().diskState() == DiskState.UP_TO_DATE;
  }

  /** The marks towards the peer, while the disk is attached. */
  Optional<Bitmap> bitmap() {
    return isUp()
        ? volume()
            .metadata()
            .map(metadata -> metadata.backing().bitmap())
            .filter(bitmap -> bitmap.bits() > 0)
        : Optional.empty();
  }

  /** Whether it knows that the peer may have something else in a block of 4 KiB. */
  boolean marks(long block) {
    return bitmap().map(bits -> bits.get(0, block)).orElse(false);
  }

  /** The generation of its data, whatever its role. */
  long generation() {
    return volume().metadata().orElseThrow().superblock().currentUuid() & ~PRIMARY_BIT;
  }

  /** All of it in one line, for people. */
  String text() {
    return isUp()
        ? "%s %s %s %s/%s %s, %d buffers in use"
            .formatted(
                name(),
                role().word(),
                connection().state().word(),
                volume().diskState().word(),
                device().peerDisk().word(),
                device().replication().word(),
                buffersInUse())
        : name() + " down";
  }

  /** What came of the last comparison of both nodes' data, and why; empty if there was none. */
  String lastHandshake() {
    return node().resource("r0").orElseThrow().decisions().all().stream()
        .filter(decision -> decision.question().startsWith("sync handshake"))
        .reduce((earlier, later) -> later)
        .map(Decision::reason)
        .orElse("");
  }

  /** The last decisions, for people. */
  String reasons() {
    return isUp() ? node().resource("r0").orElseThrow().decisions().all().toString() : "";
  }

  /** Metadata as a whole is read and written in no time, a little later. */
  private final class AtOnce implements MetadataAccess {
    @Override
    public <T> CompletionStage<T> run(String name, Callable<T> work) {
      CompletableFuture<T> done = new CompletableFuture<>();
      machine
          .loop()
          .schedule(
              ATTACH_NS,
              () -> {
                try {
                  done.complete(work.call());
                } catch (Exception e) {
                  done.completeExceptionally(e);
                }
              });
      return done;
    }

    @Override
    public MetadataMedium medium(BlockDisk disk) {
      return SimHost.this.medium();
    }
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

  /** Remembers the states of the connection. */
  private final class Watcher implements NodeListener {
    @Override
    public void changed(ResourceView resource) {
      for (ConnectionView connection : resource.connections()) {
        if (connectionStates.isEmpty() || connectionStates.getLast() != connection.state()) {
          connectionStates.add(connection.state());
        }
      }
    }

    @Override
    public void gone(String resource) {
      connectionStates.clear();
    }
  }
}
