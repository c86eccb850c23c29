package io.jdrbd.driver;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.cluster.ClusterListener;
import io.jdrbd.cluster.ClusterPeer;
import io.jdrbd.cluster.ClusterResource;
import io.jdrbd.cluster.ClusterVolume;
import io.jdrbd.cluster.OpenRequests;
import io.jdrbd.cluster.PeerSettings;
import io.jdrbd.cluster.PeerVolume;
import io.jdrbd.cluster.Traffic;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.filter.AlignedDisk;
import io.jdrbd.loop.Loop;
import io.jdrbd.replication.VolumeEvents;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.ConnectionStatistics;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.resource.Volume;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One resource whose connections are driven: keeps the object model and the cluster alike. */
final class DrivenResource implements ClusterListener {
  private static final int BLOCK_SECTORS = 8;
  private static final int SECTOR_BYTES = 512;

  private static final System.Logger LOG = System.getLogger(DrivenResource.class.getName());

  private final Resource resource;
  private final Loop loop;
  private final BufferPool buffers;
  private final Settings settings;
  private final Runnable whenChanged;
  private final ProgressNews news;
  private final Handlers handlers;
  private final Map<Volume, BlockDisk> fronts = new HashMap<>();
  private final ClusterResource cluster;

  /**
   * @param buffers for requests that are not aligned
   * @param settings how peers are spoken with
   * @param whenChanged is called after each change of a state
   * @param handlers are told of events
   */
  DrivenResource(
      Resource resource,
      Loop loop,
      BufferPool buffers,
      Settings settings,
      Runnable whenChanged,
      Handlers handlers,
      ClusterFactory factory) {
    this.handlers = handlers;
    this.resource = resource;
    this.loop = loop;
    this.buffers = buffers;
    this.settings = settings;
    this.whenChanged = whenChanged;
    this.news = new ProgressNews(loop, resource);
    this.cluster = factory.create(resource, this);
    boolean suspended = resource.suspensions().contains(IoSuspension.USER);
    resource.volumes().forEach(this::add);
    resource.connections().forEach(this::add);
    if (resource.role() == Role.PRIMARY) {
      cluster.startsAsPrimary();
    }
    optionsChanged();
    if (suspended) {
      cluster.suspendByUser(true);
    }
    resource.handOverSuspension();
  }

  /** Options of the resource have changed. */
  void optionsChanged() {
    cluster.setOptions(RulesOptions.of(resource), RulesOptions.times(resource));
  }

  /** How a peer is spoken with. */
  @FunctionalInterface
  interface Settings {
    /** By the options of its connection. */
    PeerSettings of(Connection connection, ConnectOptions how);
  }

  /** Makes the part that speaks with peers. */
  @FunctionalInterface
  interface ClusterFactory {
    /** For one resource. */
    ClusterResource create(Resource resource, ClusterListener listener);
  }

  ClusterResource cluster() {
    return cluster;
  }

  Resource resource() {
    return resource;
  }

  /** A volume gets its peers; applications go through replication from now on. */
  void add(Volume volume) {
    ClusterVolume added =
        cluster.addVolume(
            new DrivenVolume(volume),
            VolumeSnapshot.diskless(volume.number()),
            new Failures(volume));
    serve(volume, added);
    volume.peerWritesInFlight(() -> cluster.peers().stream().anyMatch(ClusterPeer::isWriting));
    added.disk().whenResized(volume::lookAtSize);
  }

  /** Applications may ask for any bytes; peers are sent whole sectors. */
  private void serve(Volume volume, ClusterVolume replicated) {
    BlockDisk front = replicated.disk();
    try {
      front = AlignedDisk.over(replicated.disk(), loop, buffers);
    } catch (DiskException e) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", volume.name(), e.getMessage());
    }
    Optional.ofNullable(fronts.put(volume, front)).ifPresent(before -> before.close(() -> {}));
    volume.serveBy(front);
  }

  /** A disk has failed, or is gone. */
  void diskChanged(Volume volume) {
    cluster
        .volume(volume.number())
        .ifPresent(known -> cluster.diskChanged(known, volume.diskState()));
  }

  /** A disk is to leave; empty for a volume that peers do not know of. */
  Optional<CompletionStage<Verdict>> detach(Volume volume) {
    return cluster.volume(volume.number()).map(cluster::detach);
  }

  /** A disk was opened; empty for a volume that peers do not know of. */
  Optional<CompletionStage<Verdict>> attach(Volume volume, DiskState byMetadata) {
    return cluster.volume(volume.number()).map(known -> attach(volume, known, byMetadata));
  }

  private CompletionStage<Verdict> attach(
      Volume volume, ClusterVolume known, DiskState byMetadata) {
    return volume
        .metadata()
        .filter(metadata -> metadata.generations().isPresent())
        .map(metadata -> cluster.attach(known, metadata.backing(), byMetadata))
        .orElseGet(
            () ->
                CompletableFuture.completedStage(
                    Verdict.refused(
                        StateError.NO_LOCAL_DISK,
                        "a volume with peers needs a disk with metadata of DRBD 9: create some with"
                            + " create-md")));
  }

  private void add(Connection connection) {
    cluster.addPeer(connection.peerNodeId(), settings.of(connection, ConnectOptions.PLAIN));
    connection.peerDevices().forEach(this::configure);
    connection.countBy(() -> counters(connection));
  }

  /** A volume was created while there is a connection. */
  void add(PeerDevice device) {
    if (cluster.volume(device.volume().number()).isEmpty()) {
      add(device.volume());
    }
    configure(device);
  }

  private void configure(PeerDevice device) {
    device.countBy(() -> counters(device));
    volume(device)
        .ifPresent(
            known -> {
              known.setRate(PeerOptions.rate(device.options()));
              known.requests().setPaused(device.suspensions().contains(ResyncSuspension.USER));
            });
  }

  private Optional<PeerVolume> volume(PeerDevice device) {
    return cluster
        .peer(device.connection().peerNodeId())
        .flatMap(peer -> peer.volume(device.volume().number()));
  }

  private ConnectionStatistics counters(Connection connection) {
    return cluster
        .peer(connection.peerNodeId())
        .map(
            peer ->
                new ConnectionStatistics(
                    peer.isCongested(),
                    peer.applicationInFlightSectors(),
                    peer.volumes().stream()
                        .mapToLong(device -> device.openRequests().resyncSectors())
                        .sum()))
        .orElseGet(ConnectionStatistics::none);
  }

  Verdict start(Connection connection, ConnectOptions how) {
    if (cluster.peer(connection.peerNodeId()).isEmpty()) {
      add(connection);
    }
    Optional<Volume> plain =
        resource.volumes().stream()
            .filter(
                volume -> volume.diskState() != DiskState.DISKLESS && volume.metadata().isEmpty())
            .findFirst();
    if (plain.isPresent()) {
      return Verdict.refused(
          StateError.NO_LOCAL_DISK,
          "%s is attached without metadata, and cannot be replicated: create some with create-md and attach it with them"
              .formatted(plain.get().name()));
    }
    ClusterPeer peer = cluster.peer(connection.peerNodeId()).orElseThrow();
    peer.setSettings(settings.of(connection, how));
    limitEpochs();
    peer.connect();
    return Verdict.passed("looking for the peer");
  }

  /** Epochs span all connections, so that the most cautious one decides. */
  void limitEpochs() {
    resource.connections().stream()
        .mapToInt(connection -> connection.options().maxEpochSize())
        .min()
        .ifPresent(cluster::setMaxEpochWrites);
  }

  /** The disk failed: what follows is the volume's policy. */
  private record Failures(Volume volume) implements VolumeEvents {
    @Override
    public void dataFailed(DiskRequest.Op op, DiskException why) {
      volume.requestFailed(op, why);
    }

    @Override
    public void metadataFailed(DiskException why) {
      // the metadata's own watch has told the volume
    }
  }

  @Override
  public void changed(ResourceSnapshot before, ResourceSnapshot after) {
    resource.together(
        () -> {
          show(after);
          for (Connection connection : resource.connections()) {
            ConnectionSnapshot state = after.connections().get(connection.peerNodeId());
            if (state != null) {
              show(connection, state);
            }
          }
        });
    news.changed();
    whenChanged.run();
  }

  private void show(ResourceSnapshot state) {
    resource.setSuspended(IoSuspension.USER, state.suspension().user());
    resource.setSuspended(IoSuspension.NO_DATA, state.suspension().noData());
    resource.setSuspended(IoSuspension.QUORUM, state.suspension().quorum());
    resource.setSuspended(IoSuspension.FENCING, state.isSuspendedByFencing());
    for (Volume volume : resource.volumes()) {
      Optional.ofNullable(state.volumes().get(volume.number()))
          .ifPresent(own -> volume.setQuorum(own.hasQuorum()));
    }
  }

  private static void show(Connection connection, ConnectionSnapshot state) {
    connection.setPeerRole(state.peerRole());
    for (PeerDevice device : connection.peerDevices()) {
      PeerDeviceSnapshot shown = state.devices().get(device.volume().number());
      if (shown != null) {
        device.setReplication(shown.replication());
        device.setPeerDisk(shown.disk());
        device.setSuspended(ResyncSuspension.PEER, shown.pause().peer());
        device.setSuspended(ResyncSuspension.DEPENDENCY, shown.pause().dependency());
      }
    }
    connection
        .paths()
        .forEach(
            path -> path.setEstablished(state.isConnected() && connection.paths().size() == 1));
    connection.setState(state.state());
  }

  @Override
  public void decided(int peer, String question, boolean passed, String reason) {
    resource
        .connection(peer)
        .ifPresent(
            connection ->
                connection.remember(
                    question,
                    passed
                        ? Verdict.passed(reason)
                        : Verdict.refused(StateError.NEED_CONNECTION, reason)));
  }

  @Override
  public void verified(int peer, int volume, VerifyReport report) {
    resource
        .connection(peer)
        .flatMap(connection -> connection.peerDevice(volume))
        .ifPresent(device -> device.setVerified(Optional.of(report)));
  }

  @Override
  public CompletionStage<Integer> handler(String name, OptionalInt peer, OptionalInt volume) {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    var _ =
        handlers
            .run(HandlerCalls.of(resource, name, peer, volume))
            .whenComplete(
                (code, error) ->
                    loop.execute(() -> handled(name, peer, error == null ? code : -1, ended)));
    return ended;
  }

  private void handled(String name, OptionalInt peer, int code, CompletableFuture<Integer> ended) {
    if (code != 0) {
      peer.ifPresent(
          node -> decided(node, "handler " + name, false, "ended with exit code " + code));
    }
    ended.complete(code);
  }

  private PeerDeviceStatistics counters(PeerDevice device) {
    Optional<PeerVolume> volume = volume(device);
    Optional<Traffic> traffic = volume.map(PeerVolume::traffic);
    return new PeerDeviceStatistics(
        traffic.map(Traffic::receivedBytes).orElse(0L) / SECTOR_BYTES,
        traffic.map(Traffic::sentBytes).orElse(0L) / SECTOR_BYTES,
        volume.map(PeerVolume::dirtyBlocks).orElse(0L) * BLOCK_SECTORS,
        volume.map(PeerVolume::openRequests).map(OpenRequests::pending).orElse(0),
        volume.map(PeerVolume::openRequests).map(OpenRequests::unacked).orElse(0),
        volume
            .flatMap(PeerVolume::progress)
            .filter(progress -> progress.leftBlocks() > 0)
            .map(DrivenResource::shown));
  }

  private static SyncProgress shown(Progress progress) {
    return new SyncProgress(
        progress.totalBlocks() * BLOCK_SECTORS,
        progress.failedBlocks() * BLOCK_SECTORS,
        progress.equalBlocks() * BLOCK_SECTORS,
        TimeUnit.NANOSECONDS.toMillis(progress.elapsedNs()),
        TimeUnit.NANOSECONDS.toMillis(progress.pausedNs()),
        shown(progress.older()),
        shown(progress.younger()),
        progress.wantedKib(),
        progress.verify().map(verify -> shown(verify, progress.leftBlocks())));
  }

  private static SyncProgress.Verify shown(Progress.Verify verify, long leftBlocks) {
    return new SyncProgress.Verify(
        verify.startBlock() * BLOCK_SECTORS,
        verify.stopBlock() < 0 ? -1 : verify.stopBlock() * BLOCK_SECTORS,
        verify.positionBlock() * BLOCK_SECTORS,
        leftBlocks * BLOCK_SECTORS,
        verify.skippedBlocks() * BLOCK_SECTORS);
  }

  private static SyncProgress.Mark shown(Progress.Mark mark) {
    return new SyncProgress.Mark(
        TimeUnit.NANOSECONDS.toMillis(mark.agoNs()), mark.blocks() * BLOCK_SECTORS);
  }
}
