package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.replication.VolumeEvents;
import io.jdrbd.replication.WriteOrder;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSettings;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import io.jdrbd.state.cluster.Wishes;
import io.jdrbd.state.twopc.SizeChange;
import io.jdrbd.transport.Transport;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * One resource among its peers: its volumes, its peers, the states in force, and what people ask
 * for. On the loop.
 */
public final class ClusterResource {
  private final String name;
  private final Loop loop;
  private final Transport transport;
  private final BufferPool buffers;
  private final SecureRandom random;
  private final ClusterListener listener;
  private final WriteOrder order;
  private final States states;
  private final GenerationChanges generations = new GenerationChanges(this);
  private final InitialSync initialSync = new InitialSync(this);
  private final SizeChanges sizes = new SizeChanges(this);
  private final Transactions transactions = new Transactions(this);
  private final RoleChanges roles = new RoleChanges(this);
  private final DiskChanges disks = new DiskChanges(this);
  private final TreeMap<Integer, ClusterVolume> volumes = new TreeMap<>();
  private final TreeMap<Integer, ClusterPeer> peers = new TreeMap<>();
  private TransactionTimes times = TransactionTimes.DEFAULTS;

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
    this.states = new States(this, ResourceSnapshot.of(settings));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The states in force. */
  public ResourceSnapshot now() {
    return states.now();
  }

  /**
   * Changes states, if the rules allow it.
   *
   * @param wish what should be different
   * @param kind where the wish comes from
   * @param cause for the log
   */
  public Outcome change(UnaryOperator<ResourceSnapshot> wish, ChangeKind kind, String cause) {
    return states.change(wish, kind, cause);
  }

  /** The states in force, and all that the rules have to know besides. */
  ResourceSnapshot known() {
    return states.known();
  }

  /** The own disk has another state for a reason of its own: attached, failed, detached. */
  void diskBecame(int number, DiskState state, String cause) {
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

  // -- volumes and peers

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
    peers.values().forEach(peer -> peer.addVolume(volume));
    states.configure(
        now -> Remembered.in(now.withNewVolume(snapshot.withDisk(local.diskState())), volume));
    volume.become(local.diskState());
    return volume;
  }

  /** A volume was deleted; it has no disk. */
  public void removeVolume(int number) {
    volumes.remove(number);
    peers.values().forEach(peer -> peer.removeVolume(number));
    states.configure(now -> now.withoutVolume(number));
  }

  /** A peer is configured; its connection is StandAlone. */
  public ClusterPeer addPeer(int nodeId, PeerSettings settings) {
    ClusterPeer peer = new ClusterPeer(this, nodeId, settings);
    peers.put(nodeId, peer);
    volumes.values().forEach(peer::addVolume);
    states.configure(
        now ->
            now.withNewConnection(
                ConnectionSnapshot.standAlone(nodeId).withFacts(settings.facts(0, false))));
    for (ClusterVolume volume : volumes.values()) {
      states.configure(now -> Remembered.in(now, volume));
    }
    return peer;
  }

  /** A peer was deleted; its connection is StandAlone. What it lacks goes on being marked. */
  public void removePeer(int nodeId) {
    Optional.ofNullable(peers.remove(nodeId)).ifPresent(ClusterPeer::removed);
    states.configure(now -> now.withoutConnection(nodeId));
    change(UnaryOperator.identity(), ChangeKind.HARD, "node %d was deleted".formatted(nodeId));
  }

  // -- what happens to it, and what people ask for

  /** This node is Primary already when its first connection begins. */
  public void startsAsPrimary() {
    states.configure(now -> now.withRole(Role.PRIMARY));
    for (ClusterVolume volume : volumes.values()) {
      states.configure(
          now -> now.changeVolume(volume.number(), state -> state.withOwesNewUuid(true)));
      generations.makeBeforeNextWrite(volume);
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
        state -> suspend ? Wishes.suspended(state) : Wishes.resumed(state),
        ChangeKind.HARD,
        suspend ? "suspend-io" : "resume-io");
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
  Outcome changeRole(Role role, boolean force) {
    return roles.change(role, force);
  }

  // -- its parts

  Transactions transactions() {
    return transactions;
  }

  States states() {
    return states;
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
}
