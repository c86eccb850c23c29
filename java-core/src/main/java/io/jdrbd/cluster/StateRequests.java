package io.jdrbd.cluster;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.PeerRequests;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Changes that need the peer's consent, below protocol version 110: one request at a time, yes or
 * no (spec 4.9).
 */
final class StateRequests {
  private static final int YES = 1;

  /** Before, a connection had one volume, and one packet served for both. */
  private static final int WHOLE_CONNECTION_FROM = 100;

  private final ClusterPeer peer;
  private Optional<CompletableFuture<Integer>> answer = Optional.empty();

  StateRequests(ClusterPeer peer) {
    this.peer = peer;
  }

  /**
   * Asks the peer for a change of the whole connection.
   *
   * @param wish as this node sees it
   * @return the peer's answer, 1 or more for yes; a lost connection counts as consent
   */
  private CompletionStage<Integer> ask(StateRequest wish) {
    StateWord mask = new StateWord(wish.mask());
    StateWord value = new StateWord(wish.value());
    boolean old = peer.dialect().protocolVersion() < WHOLE_CONNECTION_FROM;
    return ask(
        HeaderFormat.NO_VOLUME,
        old ? new StatePacket.StateChgReq(mask, value) : new StatePacket.ConnStChgReq(mask, value));
  }

  private CompletionStage<Integer> ask(int volume, StatePacket packet) {
    if (answer.isPresent()) {
      return CompletableFuture.completedStage(StateError.IN_TRANSIENT_STATE.code());
    }
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    answer = Optional.of(awaited);
    peer.session().ifPresentOrElse(session -> session.send(volume, packet), () -> answered(YES));
    return awaited;
  }

  /**
   * Asks the peer for a change of one volume (spec 4.9.1).
   *
   * @param wish as this node sees it
   */
  CompletionStage<Verdict> volume(int number, StateRequest wish) {
    StateWord mask = new StateWord(wish.mask());
    StateWord value = new StateWord(wish.value());
    return ask(number, new StatePacket.StateChgReq(mask, value)).thenApply(this::verdict);
  }

  private Verdict verdict(int code) {
    return code >= YES
        ? Verdict.passed("agreed by the peer")
        : Verdict.refused(
            StateError.CW_FAILED_BY_PEER,
            "%s refused with code %d".formatted(peer.settings().name(), code));
  }

  /** Asks for another role of this node (spec 4.9.2). */
  CompletionStage<Verdict> role(Role role, boolean force) {
    boolean raise = force && role == Role.PRIMARY;
    return ask(raise
            ? StateRequest.forcedPromotion(DiskNumbering.VERSION_84)
            : StateRequest.role(role))
        .thenApply(this::verdict);
  }

  /** P_CONN_ST_CHG_REPLY or P_STATE_CHG_REPLY. */
  void answered(int code) {
    Optional<CompletableFuture<Integer>> awaited = answer;
    answer = Optional.empty();
    awaited.ifPresent(future -> future.complete(code));
  }

  /** The connection is lost. */
  void lost() {
    answered(YES);
  }

  /** P_CONN_ST_CHG_REQ: the peer asks for a change of the whole connection. */
  void connectionRequested(StateRequest wish) throws ProtocolViolation {
    requested(OptionalInt.empty(), wish);
  }

  /** P_STATE_CHG_REQ: the peer asks for a change of one volume. */
  void volumeRequested(int volume, StateRequest wish) throws ProtocolViolation {
    requested(OptionalInt.of(volume), wish);
  }

  /** The answer is sent before it takes effect: it may be that the connection ends. */
  private void requested(OptionalInt volume, StateRequest wish) throws ProtocolViolation {
    ClusterResource resource = peer.resource();
    ResourceSnapshot now = resource.known();
    boolean conflict = answer.isPresent() && peer.resolvesConflicts();
    switch (PeerRequests.answer(now, peer.nodeId(), volume, wish, conflict)) {
      case PeerRequests.Answer.ProtocolError error -> throw new ProtocolViolation(error.reason());
      case PeerRequests.Answer.Reply reply -> {
        int code = reply.code();
        peer.session()
            .ifPresent(
                session ->
                    session.send(
                        volume.orElse(HeaderFormat.NO_VOLUME),
                        reply.wholeConnection()
                            ? new StatePacket.ConnStChgReply(code)
                            : new StatePacket.StateChgReply(code)));
        resource.states().takeEffect(now, reply.outcome(), "request of node " + peer.nodeId());
        considerForced(now);
      }
    }
  }

  /** The peer was made UpToDate by force: the next state it tells is compared (spec 3.3.5). */
  void considerForced(ResourceSnapshot before) {
    ResourceSnapshot after = peer.resource().now();
    for (PeerVolume volume : peer.volumes()) {
      int number = volume.number();
      boolean forced =
          before.device(peer.nodeId(), number).disk() == DiskState.INCONSISTENT
              && after.device(peer.nodeId(), number).disk() == DiskState.UP_TO_DATE
              && after.volume(number).disk() == DiskState.INCONSISTENT;
      if (forced) {
        volume.peerStates().considerResync();
      }
    }
  }

  /**
   * Ends the connection with the peer's consent (spec 1.12.2).
   *
   * @return passed when it is agreed; the connection goes to StandAlone by itself
   */
  CompletionStage<Verdict> disconnect() {
    return ask(StateRequest.disconnect(StateRequest.Outdates.NOBODY, DiskNumbering.VERSION_84))
        .thenApply(
            code -> {
              if (code < YES) {
                return Verdict.refused(
                    StateError.CW_FAILED_BY_PEER, "the peer refused with code " + code);
              }
              peer.disconnecting("disconnect");
              return Verdict.passed("agreed by the peer");
            });
  }
}
