package io.jdrbd.cluster;

import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.connection.SessionEnd;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.IncomingWrites;
import io.jdrbd.replication.PeerWrites;
import io.jdrbd.replication.ReplicatedDisk;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.WireDialect;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One peer of a resource: looks for it, speaks with it, and begins anew when it was lost. Lives as
 * long as the peer is configured. On the loop.
 */
public final class ClusterPeer {
  private static final System.Logger LOG = System.getLogger(ClusterPeer.class.getName());

  private final ClusterResource resource;
  private final int nodeId;
  private final PeerWrites writes;
  private final TreeMap<Integer, PeerVolume> volumes = new TreeMap<>();
  private final BulkReceiver bulk = new BulkReceiver(this);
  private final StateRequests requests = new StateRequests(this);
  private final PeerSearch search = new PeerSearch(this);
  private final Connecting connecting = new Connecting(this);
  private PeerSettings settings;
  private Optional<PeerConnection> connection = Optional.empty();
  private CompletionStage<Void> written = CompletableFuture.completedStage(null);
  private Optional<CompletableFuture<Void>> closing = Optional.empty();
  private boolean wasConnected;
  private boolean stands;
  private long connections;

  ClusterPeer(ClusterResource resource, int nodeId, PeerSettings settings) {
    this.resource = resource;
    this.nodeId = nodeId;
    this.settings = settings;
    this.writes = resource.order().addPeer(nodeId);
  }

  /** Its node id. */
  public int nodeId() {
    return nodeId;
  }

  /** How it is spoken with. */
  public PeerSettings settings() {
    return settings;
  }

  /** Other settings, for the next connection. */
  public void setSettings(PeerSettings changed) {
    settings = changed;
  }

  ClusterResource resource() {
    return resource;
  }

  PeerWrites writes() {
    return writes;
  }

  StateRequests requests() {
    return requests;
  }

  Connecting connecting() {
    return connecting;
  }

  BulkReceiver bulk() {
    return bulk;
  }

  // -- volumes

  /** Its volumes by number. */
  public Collection<PeerVolume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  /** What it is with one volume. */
  public Optional<PeerVolume> volume(int number) {
    return Optional.ofNullable(volumes.get(number));
  }

  void addVolume(ClusterVolume volume) {
    volumes.put(volume.number(), new PeerVolume(resource, this, volume));
  }

  void removeVolume(int number) {
    Optional.ofNullable(volumes.remove(number)).ifPresent(PeerVolume::removed);
  }

  void removed() {
    volumes.values().forEach(PeerVolume::removed);
  }

  // -- what is known of it

  ConnectionState state() {
    return resource.now().connection(nodeId).state();
  }

  /** The connection is in another state because of what happened to it. */
  void became(ConnectionState state, String cause) {
    resource.connectionBecame(nodeId, state, cause);
  }

  void inForce(ConnectionSnapshot after) {
    volumes.values().forEach(volume -> volume.inForce(after.device(volume.number())));
  }

  /** Sectors of applications' writes that the peer has not confirmed as durable. */
  public long applicationInFlightSectors() {
    return writes.unconfirmedBytes() >>> 9;
  }

  /** Whether the connection stands and takes nothing more to send for now. */
  public boolean isCongested() {
    return session().filter(open -> !open.isWritable()).isPresent();
  }

  /** Whether something that the peer has sent is on its way to a disk. */
  public boolean isWriting() {
    return incoming().map(IncomingWrites::isWriting).orElse(false)
        || !written.toCompletableFuture().isDone();
  }

  /** Whether a connection with this peer stood and was lost, since this object exists. */
  boolean hasBeenConnected() {
    return wasConnected;
  }

  /** How often a connection has stood. */
  long connections() {
    return connections;
  }

  boolean discardMyData() {
    return settings.discardMyData();
  }

  // -- the connection

  /** The streams, while they are open. */
  private Optional<PeerConnection> open() {
    return connection.filter(open -> !open.session().isClosed());
  }

  Optional<PeerSession> session() {
    return open().map(PeerConnection::session);
  }

  /** Holds the data stream of the connection that stands. */
  Optional<DataGate> gate() {
    return open().map(gate -> gate);
  }

  Optional<OutgoingLine> line() {
    return connection.flatMap(PeerConnection::line);
  }

  Optional<IncomingWrites> incoming() {
    return connection.flatMap(PeerConnection::incoming);
  }

  WireDialect dialect() {
    return connection
        .map(PeerConnection::session)
        .map(PeerSession::dialect)
        .orElse(WireDialect.BEFORE_AGREEMENT);
  }

  boolean resolvesConflicts() {
    return connection
        .map(PeerConnection::session)
        .map(PeerSession::resolvesConflicts)
        .orElse(false);
  }

  /** The command {@code connect}; the connection is StandAlone. */
  public void connect() {
    search.setPauseFirst(false);
    became(ConnectionState.UNCONNECTED, "connect");
  }

  /** The connection is Unconnected: begins to look for the peer. */
  void startConnecting() {
    search.start();
  }

  /** Two streams stand. */
  void found(PeerLink link) {
    PeerConnection begun = new PeerConnection(this, link);
    connection = Optional.of(begun);
    begun.start();
  }

  /** A first state has come: the peer is there, but has not agreed to the connection. */
  void stateIsKnown() {
    session().ifPresent(PeerSession::awaitAgreement);
  }

  /** The connection stands, which both will remember when it is lost. */
  void hasConnected() {
    session().ifPresent(PeerSession::negotiated);
    connections += stands ? 0 : 1;
    stands = true;
  }

  /** Sends a packet, if a connection stands or is being made. */
  void send(int volume, Packet packet) {
    session().ifPresent(session -> session.send(volume, packet));
  }

  /** This node is Secondary, in all volumes at once (spec 4.6). */
  void sendDemotion() {
    send(HeaderFormat.NO_VOLUME, new StatePacket.State(new StateWord(Role.SECONDARY.number())));
  }

  /** The same of the peer. */
  void demoted() {
    resource.change(
        state -> state.changeConnection(nodeId, known -> known.withPeerRole(Role.SECONDARY)),
        ChangeKind.HARD,
        "the peer is Secondary");
  }

  /** The peer's limits for requests. */
  void limit(PeerVolume volume, NegotiationPacket.Sizes sizes) {
    int write =
        Math.clamp(Integer.toUnsignedLong(sizes.maxBioSize()), 4096, dialect().bulkBytesMax());
    long discard = dialect().has(Feature.WSAME) ? ReplicatedDisk.DISCARD_BYTES_MAX : 4L << 20;
    volume.volume().disk().setLimits(Integer.highestOneBit(write), discard);
  }

  void holdData() {
    gate().ifPresent(DataGate::hold);
  }

  void releaseData() {
    gate().ifPresent(DataGate::release);
  }

  // -- the end

  /**
   * The command {@code disconnect}.
   *
   * @param force without asking the peer
   * @return when it is decided; the connection then goes to StandAlone by itself
   */
  public CompletionStage<Verdict> disconnect(boolean force) {
    return new Disconnecting(this).request(force);
  }

  /** The command {@code disconnect} by force, or a refusal: no further attempt is made. */
  public void disconnecting(String reason) {
    LOG.log(System.Logger.Level.INFO, "{0}: {1}", settings.name(), reason);
    became(ConnectionState.DISCONNECTING, reason);
  }

  /** Ends the session for a reason; the peer is looked for again. */
  void end(ConnectionState reason, String text) {
    connection.ifPresent(open -> open.session().end(reason, text));
  }

  /**
   * The peer and this node cannot agree until a person changes something. What was sent gets there,
   * so that the peer can come to the same verdict: no packet tells it (spec 3.14, trap 27).
   */
  void refuse(String reason) {
    connection.ifPresent(open -> open.session().endWhenSent(ConnectionState.DISCONNECTING, reason));
  }

  /** P_DISCONNECT: the peer's verdict is that there can be no connection. */
  void rejected() {
    refuse("the peer refuses the connection; its log says why");
  }

  void sessionEnded(SessionEnd end) {
    search.setPauseFirst(end.pause());
    resource.listener().decided(nodeId, "connection", false, end.text());
    if (state().isAbove(ConnectionState.TEAR_DOWN)) {
      became(end.state(), end.text());
    }
  }

  /**
   * The node ends: no further attempt is made.
   *
   * @return completes when the connection is StandAlone and all that the peer has sent is on disk
   */
  CompletionStage<Void> close() {
    if (state() == ConnectionState.STANDALONE) {
      return written;
    }
    CompletableFuture<Void> alone = new CompletableFuture<>();
    closing = Optional.of(alone);
    if (state() != ConnectionState.DISCONNECTING) {
      disconnecting("this node ends");
    }
    return alone.thenCompose(then -> written);
  }

  /** The connection is not Connected any more: what waits for this peer ends. */
  void lost() {
    wasConnected |= stands;
    stands = false;
    resource.transactions().lost(nodeId);
    resource.generations().announcements().lost(nodeId);
    connecting.lost();
    volumes.values().forEach(PeerVolume::lost);
    requests.lost();
    written = connection.map(PeerConnection::lost).orElse(CompletableFuture.completedStage(null));
    writes.lost(resource.now().isSuspended());
  }

  /** Streams are closed; then the connection looks for the peer again, or is StandAlone. */
  void stop() {
    if (line().isPresent()) {
      lost();
    }
    search.stop();
    connection.ifPresent(open -> open.session().endWhenSent(ConnectionState.TEAR_DOWN, "closed"));
    connection = Optional.empty();
    resource.loop().execute(this::stopped);
  }

  private void stopped() {
    ConnectionState state = state();
    if (state == ConnectionState.DISCONNECTING) {
      became(ConnectionState.STANDALONE, "streams are closed");
      closing.ifPresent(alone -> alone.complete(null));
    } else if (state.isReason()) {
      became(ConnectionState.UNCONNECTED, "streams are closed");
    }
  }
}
