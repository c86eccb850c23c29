package io.jdrbd.cluster;

import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.cluster.line.PeerDigest;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.connection.SessionEnd;
import io.jdrbd.connection.SessionListener;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.IncomingWrites;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One connection with a peer, from its two streams to their end: what is sent and received on it.
 * Nothing of it outlives the streams (spec 1.12.4). On the loop.
 */
final class PeerConnection implements SessionListener, DataGate {
  private final ClusterPeer peer;
  private final PeerSession session;
  private final PacketDispatch dispatch;
  private final ProtocolAgreement agreement;
  private Optional<OutgoingLine> line = Optional.empty();
  private Optional<IncomingWrites> incoming = Optional.empty();
  private Optional<AnswerWatch> watch = Optional.empty();

  PeerConnection(ClusterPeer peer, PeerLink link) {
    this.peer = peer;
    this.dispatch = new PacketDispatch(peer);
    this.agreement = new ProtocolAgreement(peer);
    this.session =
        new PeerSession(
            peer.resource().loop(),
            link,
            peer.settings().session(),
            peer.resource().random(),
            this);
  }

  /** Begins the handshake. */
  void start() {
    session.start();
  }

  PeerSession session() {
    return session;
  }

  /** What is sent to the peer: from the handshake until the connection is lost. */
  Optional<OutgoingLine> line() {
    return line;
  }

  /** What the peer writes here, as long. */
  Optional<IncomingWrites> incoming() {
    return incoming;
  }

  @Override
  public void agreed(WireDialect dialect) {
    PeerDigest digest = agreement.digest(dialect);
    int protocol = peer.settings().protocol();
    OutgoingLine out = new OutgoingLine(session, digest, protocol, this::sent);
    peer.bulk().expect(digest);
    line = Optional.of(out);
    incoming = Optional.of(new IncomingWrites(out, this));
    peer.writes().connected(out, protocol == ProtocolSettings.PROTOCOL_A);
    watch = Optional.of(new AnswerWatch(peer, peer.settings().session()));
    watch.get().start();
    if (dialect.isVersion9()) {
      connectTogether(dialect);
    } else {
      connectAtOnce(dialect);
    }
  }

  private void sent(int volume, int bytes) {
    peer.volume(volume).ifPresent(device -> device.traffic().sent(bytes));
  }

  /** All nodes have to agree before it is Connected. */
  private void connectTogether(WireDialect dialect) {
    peer.resource()
        .change(
            state ->
                state.changeConnection(
                    peer.nodeId(),
                    connection ->
                        connection.withFacts(
                            peer.settings().facts(dialect.protocolVersion(), false))),
            ChangeKind.HARD,
            cause(dialect));
    peer.connecting().begin();
  }

  /** Below protocol version 110 it is Connected before states are compared. */
  private void connectAtOnce(WireDialect dialect) {
    peer.resource()
        .change(
            state ->
                state.changeConnection(
                    peer.nodeId(),
                    connection ->
                        connection
                            .withState(ConnectionState.CONNECTED)
                            .withFacts(peer.settings().facts(dialect.protocolVersion(), true))),
            ChangeKind.HARD,
            cause(dialect));
    peer.resource()
        .states()
        .afterEffects(() -> peer.volumes().forEach(volume -> volume.packets().sendBurst()));
  }

  private static String cause(WireDialect dialect) {
    return "protocol version %d agreed".formatted(dialect.protocolVersion());
  }

  @Override
  public void protocol(ProtocolSettings theirs, boolean update) {
    if (update) {
      agreement.adopt(theirs);
    } else {
      agreement.compare(theirs);
    }
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
    peer.volumes().forEach(volume -> volume.resync().writable());
  }

  @Override
  public void ended(SessionEnd end) {
    peer.sessionEnded(end);
  }

  @Override
  public void hold() {
    session.holdData();
  }

  @Override
  public void release() {
    session.releaseData();
  }

  /**
   * The connection is not Connected any more.
   *
   * @return when nothing that has come over it is on its way to a disk
   */
  CompletionStage<Void> lost() {
    line = Optional.empty();
    watch.ifPresent(AnswerWatch::stop);
    watch = Optional.empty();
    CompletableFuture<Void> written = new CompletableFuture<>();
    incoming.ifPresentOrElse(
        open -> open.close(() -> written.complete(null)), () -> written.complete(null));
    incoming = Optional.empty();
    return written;
  }
}
