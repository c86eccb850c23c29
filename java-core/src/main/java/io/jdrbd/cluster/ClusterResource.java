package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.replication.VolumeEvents;
import io.jdrbd.replication.WriteOrder;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.Effect;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSettings;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.cluster.StateText;
import io.jdrbd.state.cluster.VolumeSnapshot;
import io.jdrbd.state.twopc.SizeChange;
import io.jdrbd.transport.Transport;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * One resource among its peers: the state in force, and the only way to change it. A change is
 * computed by pure rules; what follows from it is carried out in order.
 */
public final class ClusterResource {
  private static final System.Logger LOG = System.getLogger(ClusterResource.class.getName());

  private final String name;
  private final Loop loop;
  private final Transport transport;
  private final BufferPool buffers;
  private final SecureRandom random;
  private final ClusterListener listener;
  private final WriteOrder order;
  private final EffectQueue effects = new EffectQueue();
  private final GenerationChanges generations = new GenerationChanges(this);
  private final EffectRunner runner = new EffectRunner(this, generations);
  private final InitialSync initialSync = new InitialSync(this);
  private final SizeChanges sizes = new SizeChanges(this);
  private final Transactions transactions = new Transactions(this);
  private final RoleChanges roles = new RoleChanges(this);
  private final DiskChanges disks = new DiskChanges(this);
  private final TreeMap<Integer, ClusterVolume> volumes = new TreeMap<>();
  private final TreeMap<Integer, ClusterPeer> peers = new TreeMap<>();
  private TransactionTimes times = TransactionTimes.DEFAULTS;
  private ResourceSnapshot now;

  /**
   * @param name of the resource
   * @param settings options and node id
   * @param transport of the resource
   * @param buffers for what peers send; nobody else takes from it
   * @param random for challenges and generation identifiers
   */
  public ClusterResource(
      String name,
      ResourceSettings settings,
      Loop loop,
      Transport transport,
      BufferPool buffers,
      SecureRandom random,
      ClusterListener listener) {
    this.name = name;
    this.loop = loop;
    this.transport = transport;
    this.buffers = buffers;
    this.random = random;
    this.listener = listener;
    this.order = new WriteOrder(loop, settings.nodeId());
    this.now = ResourceSnapshot.of(settings);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The states in force. */
  public ResourceSnapshot now() {
    return now;
  }

  /** Its volumes by number. */
  public Collection<ClusterVolume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  /** A volume. */
  public Optional<ClusterVolume> volume(int number) {
    return Optional.ofNullable(volumes.get(number));
  }

  /** Its peers by node id. */
  public Collection<ClusterPeer> peers() {
    return Collections.unmodifiableCollection(peers.values());
  }

  /** The peer with this node id. */
  public Optional<ClusterPeer> peer(int nodeId) {
    return Optional.ofNullable(peers.get(nodeId));
  }

  /**
   * A volume begins to have peers.
   *
   * @param snapshot what is known of it already
   * @param failures decides what becomes of a disk that fails
   */
  public ClusterVolume addVolume(
      LocalVolume local, VolumeSnapshot snapshot, VolumeEvents failures) {
    ClusterVolume volume = new ClusterVolume(local, order, failures);
    volumes.put(volume.number(), volume);
    ResourceSnapshot with = now.withVolume(snapshot.withDisk(local.diskState()));
    for (ClusterPeer peer : peers.values()) {
      peer.addVolume(volume);
      with =
          with.changeConnection(
              peer.nodeId(),
              connection -> connection.withDevice(PeerDeviceSnapshot.unknown(volume.number())));
    }
    now = Remembered.in(with, volume);
    volume.become(local.diskState());
    return volume;
  }

  /** A volume was deleted; it has no disk. */
  public void removeVolume(int number) {
    volumes.remove(number);
    peers.values().forEach(peer -> peer.removeVolume(number));
    TreeMap<Integer, VolumeSnapshot> left = new TreeMap<>(now.volumes());
    left.remove(number);
    now = now.withVolumes(left);
    for (ClusterPeer peer : peers.values()) {
      TreeMap<Integer, PeerDeviceSnapshot> devices =
          new TreeMap<>(now.connection(peer.nodeId()).devices());
      devices.remove(number);
      now = now.changeConnection(peer.nodeId(), connection -> connection.withDevices(devices));
    }
  }

  /** This node is Primary already when its first connection begins. */
  public void startsAsPrimary() {
    now = now.withRole(Role.PRIMARY);
    for (ClusterVolume volume : volumes.values()) {
      now = now.changeVolume(volume.number(), state -> state.withOwesNewUuid(true));
      volume.disk().beforeNextWrite(() -> runner.makeOwedUuid(volume));
    }
  }

  /**
   * The own disk is to leave in order; peers are asked.
   *
   * @return passed when it is Detaching: nothing new uses it from then on
   */
  public CompletionStage<Verdict> detach(ClusterVolume volume) {
    return disks.detach(volume);
  }

  /**
   * A disk was opened, with metadata that {@link LocalVolume} tells of; it becomes what it is
   * beside the peers that are connected.
   *
   * @param byMetadata its state where no peer says otherwise
   * @return passed when it has its state, or is being compared with the peers' disks; refused if it
   *     cannot stay
   */
  public CompletionStage<Verdict> attach(
      ClusterVolume volume, BackingDisk disk, DiskState byMetadata) {
    return disks.attach(volume, disk, byMetadata);
  }

  /** The state of the own disk has changed for a reason of its own: it fails, or has left. */
  public void diskChanged(ClusterVolume volume, DiskState state) {
    volume.become(state);
    diskBecame(volume.number(), state, "disk of volume %d".formatted(volume.number()));
  }

  /**
   * The own disk has another size, while nobody was connected. Who is in the middle of a handshake
   * was told the former one, and begins again.
   */
  public void resized(ClusterVolume volume) {
    volume.local().backing().ifPresent(volume::sized);
    peers
        .values()
        .forEach(peer -> peer.end(ConnectionState.TEAR_DOWN, "the size of the disk has changed"));
  }

  /**
   * Options of the resource have changed.
   *
   * @param wanted those that the rules look at
   * @param changed how long transactions may take from now on
   */
  public void setOptions(ResourceSettings wanted, TransactionTimes changed) {
    times = changed;
    change(state -> state.withSettings(wanted), ChangeKind.HARD, "resource-options");
  }

  /** How long transactions may take. */
  TransactionTimes times() {
    return times;
  }

  /**
   * The commands {@code suspend-io} and {@code resume-io}: the latter ends the wait for a peer's
   * fencing as well (spec 4.19).
   */
  public void suspendByUser(boolean suspend) {
    change(
        state -> suspend ? suspended(state) : resumed(state),
        ChangeKind.HARD,
        suspend ? "suspend-io" : "resume-io");
  }

  private static ResourceSnapshot suspended(ResourceSnapshot state) {
    return state.withSuspension(state.suspension().withUser(true));
  }

  private static ResourceSnapshot resumed(ResourceSnapshot state) {
    ResourceSnapshot changed = state.withSuspension(state.suspension().withUser(false));
    for (int peer : state.connections().keySet()) {
      changed =
          changed.changeConnection(peer, connection -> connection.withSuspendedByFencing(false));
    }
    return changed;
  }

  /**
   * Drops every connection without asking the peers.
   *
   * @return when nothing of what they have sent is on its way to a disk
   */
  public CompletionStage<Void> close() {
    CompletableFuture<?>[] ends =
        peers.values().stream()
            .map(peer -> peer.close().toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(ends).thenRun(transport::close);
  }

  /**
   * How many writes one epoch holds.
   *
   * @param writes the smallest {@code max-epoch-size} of all connections, 1 to 20000
   */
  public void setMaxEpochWrites(int writes) {
    order.setMaxEpochWrites(writes);
  }

  /** A peer is configured; its connection is StandAlone. */
  public ClusterPeer addPeer(int nodeId, PeerSettings settings) {
    ClusterPeer peer = new ClusterPeer(this, nodeId, settings);
    peers.put(nodeId, peer);
    ConnectionSnapshot connection =
        ConnectionSnapshot.standAlone(nodeId).withFacts(peer.facts(0, false));
    for (ClusterVolume volume : volumes.values()) {
      peer.addVolume(volume);
      connection = connection.withDevice(PeerDeviceSnapshot.unknown(volume.number()));
    }
    now = now.withConnection(connection);
    for (ClusterVolume volume : volumes.values()) {
      now = Remembered.in(now, volume);
    }
    return peer;
  }

  /** A peer is configured no longer; its connection is StandAlone. */
  public void removePeer(int nodeId) {
    Optional.ofNullable(peers.remove(nodeId)).ifPresent(ClusterPeer::removed);
    TreeMap<Integer, ConnectionSnapshot> left = new TreeMap<>(now.connections());
    left.remove(nodeId);
    now = now.withConnections(left);
  }

  /**
   * Changes states.
   *
   * @param wish what should be different
   * @param kind where the wish comes from
   * @param cause for the log
   */
  public Outcome change(UnaryOperator<ResourceSnapshot> wish, ChangeKind kind, String cause) {
    ResourceSnapshot before = known();
    Outcome outcome = StateChange.apply(before, wish.apply(before), kind);
    takeEffect(before, outcome, cause);
    return outcome;
  }

  /** The states in force, and all that the rules have to know besides. */
  ResourceSnapshot known() {
    return withFacts(now);
  }

  /**
   * Carries out what the rules made of a wish.
   *
   * @param before what they were asked about: nothing has changed since
   */
  void takeEffect(ResourceSnapshot before, Outcome outcome, String cause) {
    switch (outcome) {
      case Outcome.Unchanged unchanged -> now = unchanged.state();
      case Outcome.Refused refused ->
          LOG.log(System.Logger.Level.INFO, "{0}: {1} refused: {2}", name, cause, refused);
      case Outcome.Changed changed -> {
        now = changed.after();
        log(cause, changed);
        listener.changed(before, now);
        inForce(before, changed.after());
        changed.effects().forEach(this::enqueue);
      }
    }
  }

  private void log(String cause, Outcome.Changed changed) {
    List<String> lines = StateText.lines(changed.before(), changed.after());
    if (!lines.isEmpty()) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: {1}: {2}{3}",
          name,
          cause,
          String.join("; ", lines),
          changed.reasons().isEmpty() ? "" : " (" + String.join("; ", changed.reasons()) + ")");
    }
  }

  private ResourceSnapshot withFacts(ResourceSnapshot snapshot) {
    ResourceSnapshot with = snapshot;
    boolean writing = peers.values().stream().anyMatch(ClusterPeer::isWriting);
    for (ClusterVolume volume : volumes.values()) {
      boolean seen = volume.backing().isEmpty() && !volume.exposed().isNone();
      with =
          with.changeVolume(
              volume.number(),
              own ->
                  volume
                      .local()
                      .withOpeners(own)
                      .withFacts(
                          own.facts().withUuidExposed(seen).withPeerWritesInFlight(writing)));
    }
    for (ClusterPeer peer : peers.values()) {
      with = with.changeConnection(peer.nodeId(), peer::withFacts);
      for (PeerVolume device : peer.volumes()) {
        with = Remembered.withSlot(with, device);
      }
    }
    return with;
  }

  /** What must be true before anything else happens: who gets writes, what may be read. */
  private void inForce(ResourceSnapshot before, ResourceSnapshot after) {
    for (ClusterVolume volume : volumes.values()) {
      DiskState was = before.volume(volume.number()).disk();
      DiskState is = after.volume(volume.number()).disk();
      if (was != is) {
        diskInForce(volume, was, is);
      }
      volume.disk().setWithoutQuorum(failsWithoutQuorum(after, volume.number()));
      if (after.volume(volume.number()).owesNewUuid() && after.role() == Role.PRIMARY) {
        volume.disk().beforeNextWrite(() -> runner.makeOwedUuid(volume));
      }
    }
    if (before.role() == Role.PRIMARY && after.role() != Role.PRIMARY) {
      volumes.values().forEach(this::endPrimaryGeneration);
    }
    peers.values().forEach(peer -> peer.inForce(after.connection(peer.nodeId())));
    holdWrites();
  }

  private static boolean failsWithoutQuorum(ResourceSnapshot state, int volume) {
    return !state.volume(volume).hasQuorum() && !state.settings().suspendsWithoutQuorum();
  }

  /** A disk comes into use or leaves at once; what is said of it waits until it is written. */
  private void diskInForce(ClusterVolume volume, DiskState was, DiskState is) {
    if (volume.local().diskState() != is) {
      if (was.isAbove(DiskState.FAILED) == is.isAbove(DiskState.FAILED)) {
        effects.add(done -> volume.local().setDiskState(is, error -> done.run()));
      } else {
        EffectQueue.Gate written = effects.gate();
        volume.local().setDiskState(is, error -> written.open());
      }
    }
    volume.become(is);
    if (!is.isAbove(DiskState.FAILED) && was.isAbove(DiskState.FAILED)) {
      exposeGenerationsOfOldPeers(volume);
    }
  }

  /** Below version 110 the peer begins the generation that follows the loss of the own disk. */
  private void exposeGenerationsOfOldPeers(ClusterVolume volume) {
    for (ClusterPeer peer : peers.values()) {
      boolean old = now.connection(peer.nodeId()).facts().isVersion84();
      peer.volume(volume.number())
          .filter(device -> old && device.snapshot().disk() == DiskState.UP_TO_DATE)
          .flatMap(device -> device.identifiers().peer())
          .ifPresent(theirs -> volume.exposed().learn(theirs.current()));
    }
  }

  /** The current generation does not change by this node any more (spec 3.4.1). */
  private void endPrimaryGeneration(ClusterVolume volume) {
    if (volume.backing().isPresent()) {
      effects.add(
          done ->
              volume
                  .local()
                  .setGenerations(volume.local().generations().marked(false), error -> done.run()));
    }
  }

  /** Applications wait where they have to, and go on where not. */
  void holdWrites() {
    for (ClusterVolume volume : volumes.values()) {
      volume.setHeld(now.isSuspended() || isUnstable(volume.number()));
    }
  }

  /** While states are being negotiated nothing new may be written (spec 2.12.1). */
  private boolean isUnstable(int volume) {
    DiskState disk = now.volume(volume).disk();
    return disk == DiskState.ATTACHING
        || disk == DiskState.NEGOTIATING
        || peers.values().stream().anyMatch(peer -> peer.connecting().isExchanging())
        || now.connections().values().stream()
            .anyMatch(connection -> isBeingCompared(connection, volume))
        || now.connections().values().stream()
            .map(connection -> connection.device(volume).replication())
            .anyMatch(
                state ->
                    state == ReplicationState.WF_BITMAP_T
                        || state == ReplicationState.WF_SYNC_UUID);
  }

  /** A peer attaches its disk: what is written now would be in neither's account of it. */
  private static boolean isBeingCompared(ConnectionSnapshot connection, int volume) {
    return connection.isConnected() && connection.device(volume).disk() == DiskState.NEGOTIATING;
  }

  private void enqueue(Effect effect) {
    effects.add(done -> runner.run(effect, done));
  }

  /** Does something after all effects of all changes until now. */
  void afterEffects(Runnable task) {
    effects.addNow(task);
  }

  /**
   * Makes this node Primary or Secondary, with the consent of the peers that are connected (spec
   * 4.8, 4.16).
   *
   * @param force although data is not current, or volumes are in use
   */
  public CompletionStage<Verdict> requestRole(Role role, boolean force) {
    return roles.request(role, force);
  }

  /**
   * Declares that the disks of all nodes are equal, as none was ever used.
   *
   * @return when that is durable here and the peers were told
   */
  public CompletionStage<Verdict> skipInitialSync(int volume) {
    return initialSync.skip(volumes.get(volume));
  }

  /**
   * Lets a volume be larger, as far as all nodes have the room.
   *
   * @return when the new size is durable here; refused while a resync runs
   */
  public CompletionStage<Verdict> resize(int volume, SizeChange wish) {
    return sizes.resize(volumes.get(volume), wish);
  }

  /** Makes this node Primary or Secondary by itself; a peer was asked where that is needed. */
  public Outcome changeRole(Role role, boolean force) {
    return roles.change(role, force);
  }

  /** The own disk has another state for a reason of its own: attached, failed, detached. */
  public void diskBecame(int number, DiskState state, String cause) {
    change(
        resource -> resource.changeVolume(number, volume -> volume.withDisk(state)),
        ChangeKind.HARD,
        cause);
  }

  /** A connection is in another state because of what happened to it. */
  Outcome connectionBecame(int peer, ConnectionState state, String cause) {
    return change(
        resource -> resource.changeConnection(peer, connection -> connection.withState(state)),
        ChangeKind.HARD,
        cause);
  }

  Transactions transactions() {
    return transactions;
  }

  /** What follows from changes waits until the gate is opened. */
  EffectQueue.Gate holdEffects() {
    return effects.gate();
  }

  SizeChanges sizes() {
    return sizes;
  }

  InitialSync initialSync() {
    return initialSync;
  }

  GenerationChanges generations() {
    return generations;
  }

  Loop loop() {
    return loop;
  }

  Transport transport() {
    return transport;
  }

  BufferPool buffers() {
    return buffers;
  }

  SecureRandom random() {
    return random;
  }

  ClusterListener listener() {
    return listener;
  }

  WriteOrder order() {
    return order;
  }

  /** Marks the new generation as made, or as not due any more. */
  void newUuidIsMade(int volume) {
    now = now.changeVolume(volume, state -> state.withOwesNewUuid(false));
  }
}
