package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.connection.SessionEnd;
import io.jdrbd.connection.SessionListener;
import io.jdrbd.loop.Loop;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.IncomingWrites;
import io.jdrbd.replication.PeerWrites;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.replication.ReplicatedDisk;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ConnectionFacts;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.cluster.Wishes;
import io.jdrbd.state.handshake.HandshakeVerdict;
import io.jdrbd.state.handshake.ProtocolRules;
import io.jdrbd.state.handshake.ProtocolTerms;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One peer of a resource: looks for it, speaks with it, and begins anew when it was lost. Lives as
 * long as the peer is configured.
 */
public final class ClusterPeer {
  private static final System.Logger LOG = System.getLogger(ClusterPeer.class.getName());
  private static final int DIGEST_IS_TOLD_FROM = 87;
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  private final ClusterResource resource;
  private final int nodeId;
  private final PeerWrites writes;
  private final TreeMap<Integer, PeerVolume> volumes = new TreeMap<>();
  private final PacketDispatch dispatch;
  private final BulkReceiver bulk;
  private final StateRequests requests;
  private final Connecting connecting = new Connecting(this);
  private PeerSettings settings;
  private Optional<ConnectAttempt> attempt = Optional.empty();
  private Optional<PeerSession> session = Optional.empty();
  private Optional<OutgoingLine> line = Optional.empty();
  private Optional<IncomingWrites> incoming = Optional.empty();
  private Optional<AnswerWatch> watch = Optional.empty();
  private Optional<Loop.Timer> pause = Optional.empty();
  private CompletionStage<Void> written = CompletableFuture.completedStage(null);
  private boolean wasConnected;
  private boolean stands;
  private long connections;
  private boolean pauseFirst;

  ClusterPeer(ClusterResource resource, int nodeId, PeerSettings settings) {
    this.resource = resource;
    this.nodeId = nodeId;
    this.settings = settings;
    this.writes = resource.order().addPeer(nodeId);
    this.bulk = new BulkReceiver(this);
    this.dispatch = new PacketDispatch(this);
    this.requests = new StateRequests(this);
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

  /** Its volumes by number. */
  public Collection<PeerVolume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  Optional<PeerVolume> volume(int number) {
    return Optional.ofNullable(volumes.get(number));
  }

  void addVolume(ClusterVolume volume) {
    volumes.put(volume.number(), new PeerVolume(resource, this, volume));
  }

  void removed() {
    volumes.values().forEach(PeerVolume::removed);
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

  /** Holds the data stream of the connection that stands. */
  Optional<DataGate> gate() {
    return session().map(SessionGate::new);
  }

  Optional<PeerSession> session() {
    return session.filter(open -> !open.isClosed());
  }

  Optional<OutgoingLine> line() {
    return line;
  }

  Optional<IncomingWrites> incoming() {
    return incoming;
  }

  WireDialect dialect() {
    return session.map(PeerSession::dialect).orElse(WireDialect.BEFORE_AGREEMENT);
  }

  boolean resolvesConflicts() {
    return session.map(PeerSession::resolvesConflicts).orElse(false);
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
    return incoming.map(IncomingWrites::isWriting).orElse(false)
        || !written.toCompletableFuture().isDone();
  }

  /** Whether a connection with this peer stood and was lost, since this object exists. */
  boolean hasBeenConnected() {
    return wasConnected;
  }

  boolean discardMyData() {
    return settings.discardMyData();
  }

  ConnectionFacts facts(int protocolVersion, boolean handshake) {
    return new ConnectionFacts(
        protocolVersion,
        settings.twoPrimaries(),
        settings.fencing(),
        settings.remoteRead(),
        !settings.verifyAlgorithm().isEmpty(),
        handshake);
  }

  ConnectionSnapshot withFacts(ConnectionSnapshot snapshot) {
    ConnectionSnapshot with = snapshot;
    for (PeerVolume volume : volumes.values()) {
      with = with.changeDevice(volume.number(), volume::withFacts);
    }
    return with.withFacts(with.facts().withHandshake(isInHandshake()));
  }

  /** Whether first states are being exchanged. */
  private boolean isInHandshake() {
    if (connecting.isUnderWay()) {
      return connecting.isExchanging();
    }
    return line.isPresent()
        && volumes.values().stream().anyMatch(volume -> !volume.negotiation().isDone());
  }

  void inForce(ConnectionSnapshot after) {
    volumes.values().forEach(volume -> volume.inForce(after.device(volume.number())));
  }

  // -- looking for the peer

  /** The command {@code connect}; the connection is StandAlone. */
  public void connect() {
    pauseFirst = false;
    resource.connectionBecame(nodeId, ConnectionState.UNCONNECTED, "connect");
  }

  /** The connection is Unconnected: begins to look for the peer. */
  void startConnecting() {
    long delayNs = pauseFirst ? RETRY_NS : 0;
    pauseFirst = false;
    pause = Optional.of(resource.loop().schedule(delayNs, this::look));
  }

  private void look() {
    pause = Optional.empty();
    if (state() != ConnectionState.UNCONNECTED) {
      return;
    }
    resource.connectionBecame(nodeId, ConnectionState.CONNECTING, "looking for the peer");
    attempt = Optional.of(resource.transport().connect(settings.plan(), new Attempt()));
  }

  private ConnectionState state() {
    return resource.now().connection(nodeId).state();
  }

  /** What an attempt comes to. */
  private final class Attempt implements ConnectListener {
    @Override
    public void connected(PeerLink link) {
      attempt = Optional.empty();
      begin(link);
    }

    @Override
    public void waiting(String why) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", settings.name(), why);
      resource.listener().decided(nodeId, "connect", true, why);
    }

    @Override
    public void failed(String reason) {
      attempt = Optional.empty();
      resource.listener().decided(nodeId, "connect", false, reason);
      disconnecting(reason);
    }
  }

  private void begin(PeerLink link) {
    PeerSession begun =
        new PeerSession(
            resource.loop(), link, settings.session(), resource.random(), new Session());
    session = Optional.of(begun);
    begun.start();
  }

  /** What happens on a session. */
  private final class Session implements SessionListener {
    @Override
    public void agreed(WireDialect dialect) {
      ClusterPeer.this.agreed(dialect);
    }

    @Override
    public void protocol(ProtocolSettings peer, boolean update) {
      ClusterPeer.this.protocol(peer, update);
    }

    @Override
    public void data(int volume, Packet packet) throws WireException, ProtocolViolation {
      dispatch.data(volume, packet);
    }

    @Override
    public void control(int volume, Packet packet) throws ProtocolViolation {
      dispatch.control(volume, packet);
    }

    @Override
    public void writable() {
      volumes.values().forEach(volume -> volume.resync().writable());
    }

    @Override
    public void ended(SessionEnd end) {
      sessionEnded(end);
    }
  }

  private void sent(int volume, int bytes) {
    volume(volume).ifPresent(device -> device.traffic().sent(bytes));
  }

  private void agreed(WireDialect dialect) {
    PeerSession open = session.orElseThrow();
    OutgoingLine out = new OutgoingLine(open, digest(dialect), settings.protocol(), this::sent);
    dispatch.reset();
    bulk.expect(digest(dialect));
    line = Optional.of(out);
    incoming = Optional.of(new IncomingWrites(out, new SessionGate(open)));
    writes.connected(out, settings.protocol() == PeerSettings.PROTOCOL_A);
    watch = Optional.of(new AnswerWatch(this, settings.session()));
    watch.get().start();
    String cause = "protocol version %d agreed".formatted(dialect.protocolVersion());
    if (dialect.isVersion9()) {
      resource.change(
          state ->
              state.changeConnection(
                  nodeId,
                  connection -> connection.withFacts(facts(dialect.protocolVersion(), false))),
          ChangeKind.HARD,
          cause);
      connecting.begin();
      return;
    }
    resource.change(
        state ->
            state.changeConnection(
                nodeId,
                connection ->
                    connection
                        .withState(ConnectionState.CONNECTED)
                        .withFacts(facts(dialect.protocolVersion(), true))),
        ChangeKind.HARD,
        cause);
    resource.afterEffects(() -> volumes.values().forEach(PeerVolume::sendBurst));
  }

  /** One that is not known here is refused when the peer's settings have come. */
  private PeerDigest digest(WireDialect dialect) {
    String algorithm = settings.session().protocol().integrityAlg();
    boolean told = dialect.protocolVersion() >= DIGEST_IS_TOLD_FROM;
    return told ? DataDigest.find(algorithm).orElse(PeerDigest.NONE) : PeerDigest.NONE;
  }

  private void protocol(ProtocolSettings peer, boolean update) {
    if (update) {
      adopt(peer.integrityAlg());
      return;
    }
    HandshakeVerdict<ProtocolTerms> verdict =
        ProtocolRules.check(
            terms(settings.session().protocol()),
            terms(peer),
            dialect().protocolVersion(),
            algorithm -> DataDigest.find(algorithm).isPresent());
    switch (verdict) {
      case HandshakeVerdict.Agreed<ProtocolTerms> ignored -> {
        // both have the same already
      }
      case HandshakeVerdict.Stop<ProtocolTerms> stop -> refuse(stop.reason());
      case HandshakeVerdict.Retry<ProtocolTerms> retry ->
          end(ConnectionState.PROTOCOL_ERROR, retry.reason());
    }
  }

  /**
   * The peer's net options have changed: what it sends has this digest from now on (spec 1.8.3).
   */
  private void adopt(String algorithm) {
    DataDigest.find(algorithm)
        .ifPresentOrElse(
            bulk::expect,
            () -> refuse("data-integrity-alg %s is not known here".formatted(algorithm)));
  }

  private static ProtocolTerms terms(ProtocolSettings packet) {
    return new ProtocolTerms(
        packet.protocol(),
        packet.afterSb0p(),
        packet.afterSb1p(),
        packet.afterSb2p(),
        (packet.connFlags() & ProtocolSettings.DISCARD_MY_DATA) != 0,
        (packet.connFlags() & ProtocolSettings.DRY_RUN) != 0,
        packet.twoPrimaries() != 0,
        packet.integrityAlg());
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

  /** How often a connection has stood. */
  long connections() {
    return connections;
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
        state ->
            state.changeConnection(nodeId, connection -> connection.withPeerRole(Role.SECONDARY)),
        ChangeKind.HARD,
        "the peer is Secondary");
  }

  /** P_DISCONNECT: the peer's verdict is that there can be no connection. */
  void rejected() {
    refuse("the peer refuses the connection; its log says why");
  }

  /** The peer's limits for requests. */
  void limit(PeerVolume volume, NegotiationPacket.Sizes sizes) {
    int write =
        Math.clamp(Integer.toUnsignedLong(sizes.maxBioSize()), 4096, dialect().bulkBytesMax());
    long discard = dialect().has(Feature.WSAME) ? ReplicatedDisk.DISCARD_BYTES_MAX : 4L << 20;
    volume.volume().disk().setLimits(Integer.highestOneBit(write), discard);
  }

  // -- the end

  /** What it is with one volume. */
  public Optional<PeerVolume> device(int number) {
    return volume(number);
  }

  void removeVolume(int number) {
    Optional.ofNullable(volumes.remove(number)).ifPresent(PeerVolume::removed);
  }

  /**
   * The command {@code disconnect}.
   *
   * @param force without asking the peer
   * @return when it is decided; the connection then goes to StandAlone by itself
   */
  public CompletionStage<Verdict> disconnect(boolean force) {
    if (!force && session().isPresent() && state() == ConnectionState.CONNECTED) {
      return dialect().isVersion9() ? disconnectTogether() : requests.disconnect();
    }
    disconnecting("disconnect");
    return CompletableFuture.completedStage(Verdict.passed("disconnected"));
  }

  /** All nodes have to agree (spec 4.17.1). */
  private CompletionStage<Verdict> disconnectTogether() {
    return new Attempts(resource)
        .untilDecided(
            () -> {
              ResourceSnapshot now = resource.known();
              if (!now.connection(nodeId).isConnected()) {
                disconnecting("disconnect");
                return CompletableFuture.completedStage(Verdict.passed("disconnected"));
              }
              StateRequest.Outdates outdates = Wishes.outdates(now, nodeId);
              return resource
                  .transactions()
                  .begin(
                      OwnTransaction.of(
                          "disconnect",
                          StateRequest.disconnect(outdates, DiskNumbering.VERSION_9),
                          nodeId,
                          state -> Wishes.disconnect(state, nodeId)));
            });
  }

  /** The command {@code disconnect} by force, or a refusal: no further attempt is made. */
  public void disconnecting(String reason) {
    LOG.log(System.Logger.Level.INFO, "{0}: {1}", settings.name(), reason);
    resource.connectionBecame(nodeId, ConnectionState.DISCONNECTING, reason);
  }

  /** Ends the session for a reason; the peer is looked for again. */
  void end(ConnectionState reason, String text) {
    session.ifPresent(open -> open.end(reason, text));
  }

  /**
   * The peer and this node cannot agree until a person changes something. What was sent gets there,
   * so that the peer can come to the same verdict: no packet tells it (spec 3.14, trap 27).
   */
  void refuse(String reason) {
    session.ifPresent(open -> open.endWhenSent(ConnectionState.DISCONNECTING, reason));
  }

  private void sessionEnded(SessionEnd end) {
    pauseFirst = end.pause();
    resource.listener().decided(nodeId, "connection", false, end.text());
    if (state().isAbove(ConnectionState.TEAR_DOWN)) {
      resource.connectionBecame(nodeId, end.state(), end.text());
    }
  }

  /** The node ends: no further attempt is made. */
  CompletionStage<Void> close() {
    if (state() != ConnectionState.STANDALONE && state() != ConnectionState.DISCONNECTING) {
      disconnecting("this node ends");
    }
    return written;
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
    line = Optional.empty();
    watch.ifPresent(AnswerWatch::stop);
    watch = Optional.empty();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    written = ended;
    incoming.ifPresentOrElse(
        open -> open.close(() -> ended.complete(null)), () -> ended.complete(null));
    incoming = Optional.empty();
    writes.lost(resource.now().isSuspended());
  }

  /** Streams are closed; then the connection looks for the peer again, or is StandAlone. */
  void stop() {
    if (line.isPresent()) {
      lost();
    }
    attempt.ifPresent(ConnectAttempt::stop);
    attempt = Optional.empty();
    pause.ifPresent(Loop.Timer::cancel);
    pause = Optional.empty();
    session.ifPresent(open -> open.endWhenSent(ConnectionState.TEAR_DOWN, "closed"));
    session = Optional.empty();
    resource.loop().execute(this::stopped);
  }

  private void stopped() {
    ConnectionState state = state();
    if (state == ConnectionState.DISCONNECTING) {
      resource.connectionBecame(nodeId, ConnectionState.STANDALONE, "streams are closed");
    } else if (state.isReason()) {
      resource.connectionBecame(nodeId, ConnectionState.UNCONNECTED, "streams are closed");
    }
  }

  void holdData() {
    session().ifPresent(PeerSession::holdData);
  }

  void releaseData() {
    session().ifPresent(PeerSession::releaseData);
  }

  /**
   * Holds the data stream of one connection.
   *
   * @param session the connection
   */
  private record SessionGate(PeerSession session) implements DataGate {
    @Override
    public void hold() {
      session.holdData();
    }

    @Override
    public void release() {
      session.releaseData();
    }
  }
}
