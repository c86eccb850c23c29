package io.jdrbd.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Changes that need the peer's consent, below protocol version 110: one request at a time, yes or
 * no (spec 4.9).
 */
final class StateRequests {
  private static final int YES = 1;
  private static final int CONN_DISCONNECTING = 1;
  private static final int ROLE_PRIMARY = 1;
  private static final int CONN_SHIFT = 4;
  private static final int DISK_SHIFT = 9;

  /** The number that 8.4 has for it; requests are not translated (spec 4.9.3). */
  private static final int DISK_UP_TO_DATE_84 = 8;

  private final ClusterPeer peer;
  private Optional<CompletableFuture<Integer>> answer = Optional.empty();

  StateRequests(ClusterPeer peer) {
    this.peer = peer;
  }

  /**
   * Asks the peer for a change of the whole connection.
   *
   * @param mask the fields that change
   * @param value what they become, as this node sees it
   * @return the peer's answer, 1 or more for yes; a lost connection counts as consent
   */
  CompletionStage<Integer> ask(int mask, int value) {
    if (answer.isPresent()) {
      return CompletableFuture.completedStage(StateError.IN_TRANSIENT_STATE.code());
    }
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    answer = Optional.of(awaited);
    peer.session()
        .ifPresentOrElse(
            session ->
                session.send(
                    new StatePacket.ConnStChgReq(new StateWord(mask), new StateWord(value))),
            () -> answered(YES));
    return awaited;
  }

  /** Asks for another role of this node (spec 4.9.2). */
  CompletionStage<Verdict> role(Role role, boolean force) {
    boolean raise = force && role == Role.PRIMARY;
    int mask = StateWord.ROLE | (raise ? StateWord.DISK : 0);
    int value = role.number() | (raise ? DISK_UP_TO_DATE_84 << DISK_SHIFT : 0);
    return ask(mask, value)
        .thenApply(
            code ->
                code >= YES
                    ? Verdict.passed("agreed by the peer")
                    : Verdict.refused(
                        StateError.CW_FAILED_BY_PEER,
                        "%s refused with code %d".formatted(peer.settings().name(), code)));
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
  void connectionRequested(StateWord mask, StateWord value) {
    boolean disconnects = (mask.bits() & StateWord.CONN) != 0 && value.conn() == CONN_DISCONNECTING;
    if (disconnects) {
      replyConnection(YES);
      peer.session()
          .ifPresent(
              session ->
                  session.endWhenSent(
                      ConnectionState.TEAR_DOWN, "the peer disconnects gracefully"));
      return;
    }
    replyConnection(decide(mask, value));
  }

  /** P_STATE_CHG_REQ: the peer asks for a change of one volume. */
  void volumeRequested(int volume, StateWord mask, StateWord value) {
    int code = decide(mask, value);
    peer.session().ifPresent(session -> session.send(volume, new StatePacket.StateChgReply(code)));
  }

  private void replyConnection(int code) {
    peer.session().ifPresent(session -> session.send(new StatePacket.ConnStChgReply(code)));
  }

  private int decide(StateWord mask, StateWord value) {
    int known = StateWord.ROLE | StateWord.DISK;
    if ((mask.bits() & ~known) != 0 || (mask.bits() & StateWord.ROLE) == 0) {
      return decideOther(mask, value);
    }
    boolean primary = value.role() == ROLE_PRIMARY;
    Outcome outcome =
        peer.resource().change(peerRole(primary), ChangeKind.REMOTE, "the peer asks for its role");
    return code(outcome);
  }

  /** What a peer may ask for besides a role: a detach of its disk, a full sync, a verify. */
  private int decideOther(StateWord mask, StateWord value) {
    boolean detaches = mask.bits() == StateWord.DISK;
    if (detaches) {
      return YES;
    }
    return StateError.NOT_SUPPORTED.code() + (value.conn() >> 5);
  }

  private UnaryOperator<ResourceSnapshot> peerRole(boolean primary) {
    return state ->
        state.changeConnection(
            peer.nodeId(),
            connection -> connection.withPeerRole(primary ? Role.PRIMARY : Role.SECONDARY));
  }

  private static int code(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Changed ignored -> YES;
      case Outcome.Unchanged ignored -> YES;
      case Outcome.Refused refused -> refused.error().code();
    };
  }

  /**
   * Ends the connection with the peer's consent (spec 1.12.2).
   *
   * @return passed when it is agreed; the connection goes to StandAlone by itself
   */
  CompletionStage<Verdict> disconnect() {
    return ask(StateWord.CONN, CONN_DISCONNECTING << CONN_SHIFT)
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
