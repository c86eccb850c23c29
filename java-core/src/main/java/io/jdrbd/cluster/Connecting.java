package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.SplitBrainPolicy;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Handshake;
import io.jdrbd.state.twopc.RetryRules;
import io.jdrbd.wire.HandshakePacket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From P_PROTOCOL to the connection, from protocol version 110 on: the node with the lower id asks
 * all nodes in a transaction, both say what they have, and what comes of it is parked until the
 * commit (spec 4.15). Until then the connection stays Connecting.
 */
final class Connecting {
  /** Volumes that are open for reading may be closed soon. */
  private static final int READERS_PAUSE_MS = 1_000;

  private final ClusterPeer peer;
  private Optional<Loop.Timer> pause = Optional.empty();
  private boolean underWay;
  private boolean exchanging;

  Connecting(ClusterPeer peer) {
    this.peer = peer;
  }

  /** Whether streams stand, and a transaction has to make a connection of them. */
  boolean isUnderWay() {
    return underWay;
  }

  /** Whether both are saying what they have, so that nothing of it may change. */
  boolean isExchanging() {
    return exchanging;
  }

  /** P_PROTOCOL was sent. */
  void begin() {
    underWay = true;
    if (peer.resource().now().settings().nodeId() < peer.nodeId()) {
      peer.resource().states().afterEffects(this::ask);
    }
  }

  private void ask() {
    pause = Optional.empty();
    Optional<PeerSession> session = peer.session();
    if (!underWay || session.isEmpty()) {
      return;
    }
    var _ =
        peer.resource()
            .transactions()
            .begin(
                OwnTransaction.of(
                    "connect to node " + peer.nodeId(),
                    StateRequest.connect(peer.resource().now().role()),
                    peer.nodeId(),
                    now ->
                        now.changeConnection(
                            peer.nodeId(),
                            connection -> connection.withState(ConnectionState.CONNECTED))))
            .thenAccept(verdict -> ended(session.get(), verdict));
  }

  /** What a failed attempt leads to. */
  private void ended(PeerSession session, Verdict verdict) {
    boolean same = peer.session().filter(session::equals).isPresent();
    if (!underWay || !same || !(verdict instanceof Verdict.Refused refused)) {
      return;
    }
    peer.resource().listener().decided(peer.nodeId(), "connect", false, refused.reason());
    StateError error =
        refused.refusal() instanceof StateError known ? known : StateError.IN_TRANSIENT_STATE;
    switch (RetryRules.afterConnect(error, retriesRefusals())) {
      case RetryRules.AfterConnect.Again(int pauseMs, boolean outdate) -> {
        if (outdate) {
          outdateTargets();
        }
        again(pauseMs);
      }
      case RetryRules.AfterConnect.GiveUp ignored -> {
        outdateTargets();
        session.send(new HandshakePacket.Disconnect());
        peer.refuse(refused.reason());
      }
      case RetryRules.AfterConnect.WaitForReaders ignored -> again(READERS_PAUSE_MS);
      case RetryRules.AfterConnect.Reconnect ignored ->
          peer.end(ConnectionState.NETWORK_FAILURE, refused.reason());
    }
  }

  private boolean retriesRefusals() {
    return peer.settings().policies().resyncConflict() == SplitBrainPolicy.RETRY_CONNECT;
  }

  private void again(int pauseMs) {
    long pauseNs = TimeUnit.MILLISECONDS.toNanos(pauseMs);
    pause = Optional.of(peer.resource().loop().schedule(pauseNs, this::ask));
  }

  /** The peer has newer data, although no connection came of it. */
  private void outdateTargets() {
    ResourceSnapshot now = peer.resource().now();
    if (now.role() == Role.PRIMARY) {
      return;
    }
    for (PeerVolume volume : peer.volumes()) {
      boolean older =
          volume
              .peerStates()
              .parked()
              .filter(parked -> parked.replication() == ReplicationState.WF_BITMAP_T)
              .isPresent();
      if (older && now.volume(volume.number()).disk().isAbove(DiskState.OUTDATED)) {
        peer.resource().diskBecame(volume.number(), DiskState.OUTDATED, "the peer has newer data");
      }
    }
  }

  /** Says all about the volumes that the peer has to know. */
  void sendInitialPackets() {
    exchanging = true;
    peer.volumes().forEach(volume -> volume.negotiation().reset());
    peer.resource().states().holdWrites();
    peer.volumes().forEach(volume -> volume.packets().sendBurst());
    resultCame();
  }

  /** A volume has a result, or all have as there are none. */
  void resultCame() {
    peer.resource().transactions().handshakeCame(peer.nodeId(), handshake());
  }

  private Handshake handshake() {
    if (results().anyMatch(Optional::isEmpty)) {
      return Handshake.PENDING;
    }
    Stream<Handshake> all = results().flatMap(Optional::stream).map(ParkedState::handshake);
    return all.max((one, other) -> Integer.compare(weight(one), weight(other)))
        .orElse(Handshake.READY);
  }

  private Stream<Optional<ParkedState>> results() {
    return peer.volumes().stream().map(volume -> volume.peerStates().parked());
  }

  private static int weight(Handshake handshake) {
    return switch (handshake) {
      case PENDING, READY -> 0;
      case DISCONNECT -> 1;
      case RETRY -> 2;
    };
  }

  /** The state in force with all that was parked. */
  ResourceSnapshot appliedTo(ResourceSnapshot now) {
    ResourceSnapshot applied = now;
    for (PeerVolume volume : peer.volumes()) {
      Optional<ParkedState> parked = volume.peerStates().parked();
      if (parked.isPresent()) {
        applied =
            applied.changeDevice(
                peer.nodeId(), volume.number(), device -> parked.get().appliedTo(device));
      }
    }
    return applied;
  }

  /** The connection stands. */
  void succeeded() {
    underWay = false;
    exchanging = false;
    peer.hasConnected();
    peer.volumes().forEach(volume -> volume.peerStates().parkedIsInForce());
    peer.resource().states().holdWrites();
  }

  /** The attempt has failed, the streams stay. */
  void forget() {
    if (exchanging) {
      exchanging = false;
      peer.resource().states().holdWrites();
    }
  }

  /** The streams are lost. */
  void lost() {
    underWay = false;
    pause.ifPresent(Loop.Timer::cancel);
    pause = Optional.empty();
    forget();
  }
}
