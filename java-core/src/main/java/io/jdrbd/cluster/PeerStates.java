package io.jdrbd.cluster;

import io.jdrbd.replication.Entrance;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.cluster.AttachResult;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.state.sync.SyncOccasion;
import io.jdrbd.state.sync.SyncOutcome;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.state.twopc.Handshake;
import io.jdrbd.wire.StatePacket;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The states that a peer tells of a volume, and what they lead to (spec 3.3.5, whose steps are
 * named here). Below protocol version 110 a first state counts at once; from then on it is parked
 * until all nodes have agreed to the connection. On the loop.
 */
final class PeerStates {
  private final PeerVolume device;
  private final ResyncDecision decision;
  private Optional<ParkedState> parked = Optional.empty();
  private boolean stateReceived;
  private boolean consider;
  private boolean peerWasTarget;

  PeerStates(PeerVolume device) {
    this.device = device;
    this.decision = new ResyncDecision(device);
  }

  /** Whether the peer's first state has come and was acted on. */
  boolean isDone() {
    return stateReceived;
  }

  ResyncDecision decision() {
    return decision;
  }

  /** What the peer's first state leads to, while the connection is being made. */
  Optional<ParkedState> parked() {
    return parked;
  }

  void parkedIsInForce() {
    parked = Optional.empty();
    stateReceived = true;
  }

  /** The next state that the peer tells is compared as if it were the first. */
  void considerResync() {
    consider = true;
  }

  void reset() {
    parked = Optional.empty();
    stateReceived = false;
    consider = false;
    peerWasTarget = false;
  }

  /** P_STATE. */
  void received(StatePacket.State packet) throws ProtocolViolation {
    StateWord word =
        StateWord.unpack(packet.word().bits(), DiskNumbering.VERSION_9)
            .orElseThrow(() -> new ProtocolViolation("P_STATE with the word " + packet.word()));
    DiskState real = realDisk(word);
    if (device.peer().connecting().isUnderWay()) {
      park(word, real);
      return;
    }
    ReplicationState own = device.replication();
    boolean version9 = device.peer().dialect().isVersion9();
    boolean target = peerWasTarget || !version9;
    peerWasTarget = word.replication().isTarget();
    if (endsResync(word, own, real, target)
        || device.resync().verify().endedBy(word.replication(), real)) {
      return;
    }
    if (version9
        && own == ReplicationState.BEHIND
        && word.replication() == ReplicationState.SYNC_SOURCE) {
      device.resyncStart().catchUp();
      return;
    }
    take(word, real, own);
  }

  /** Counts only if the peer was asked for it in this attempt (spec 3.1.2). */
  private void park(StateWord word, DiskState real) {
    if (!device.peer().connecting().isExchanging() || device.identifiers().peer().isEmpty()) {
      return;
    }
    device.peer().stateIsKnown();
    ReplicationState next = ReplicationState.ESTABLISHED;
    if (restartedMeanwhile(real)) {
      return;
    }
    if (device.negotiation().obstacle().isEmpty()) {
      seen().foreign(real).ifPresent(device.negotiation()::refuse);
    }
    Handshake handshake =
        device.negotiation().obstacle().isPresent() ? Handshake.DISCONNECT : Handshake.READY;
    if (handshake == Handshake.READY && mustDecide(word, real, true)) {
      SyncOutcome outcome = decision.decide(word, real, SyncOccasion.CONNECT);
      switch (outcome) {
        case SyncOutcome.Replicate replicate -> next = replicate.state();
        case SyncOutcome.Disconnect ignored -> handshake = Handshake.DISCONNECT;
        case SyncOutcome.Retry ignored -> handshake = Handshake.RETRY;
        case SyncOutcome.NoResult ignored -> {
          // established, nothing to resync
        }
      }
    }
    parked = Optional.of(new ParkedState(word, real, next, handshake));
    device.peer().connecting().resultCame();
  }

  private void take(StateWord word, DiskState real, ReplicationState own) {
    boolean first = !stateReceived;
    if (first && (restartedMeanwhile(real) || isForeign(real))) {
      return;
    }
    ReplicationState next = own == ReplicationState.OFF ? ReplicationState.ESTABLISHED : own;
    if (word.replication() == ReplicationState.AHEAD) {
      next = ReplicationState.BEHIND;
    }
    AttachResult attached = AttachResult.OPEN;
    if (mustDecide(word, real, first)) {
      Optional<ReplicationState> decided = decide(word, real, first);
      if (decided.isEmpty()) {
        return;
      }
      next = decided.get();
      attached = ownAttach().isPresent() ? result(next) : attached;
    }
    boolean late =
        own != ReplicationState.OFF
            && next != own
            && next.isAbove(ReplicationState.ESTABLISHED)
            && !word.replication().isAbove(ReplicationState.ESTABLISHED)
            && word.disk() != DiskState.NEGOTIATING;
    stateReceived = true;
    consider = false;
    if (word.disk() == DiskState.NEGOTIATING) {
      holdUntilSaid();
    }
    if (attached == AttachResult.OPEN) {
      apply(word, shownDisk(word, real, next), next, first);
    } else {
      apply(word, real, attached);
    }
    if (late) {
      makePeerDecide();
    }
  }

  /** A peer that attaches its disk takes no write before it has heard what this node decides. */
  private void holdUntilSaid() {
    Entrance entrance = device.volume().disk().entrance();
    entrance.hold();
    device
        .resource()
        .loop()
        .execute(() -> device.resource().states().afterEffects(entrance::release));
  }

  /** The own disk is being attached, and compared with the peer's. */
  private Optional<SyncOccasion> ownAttach() {
    boolean attaches =
        device.resource().now().volume(device.number()).disk() == DiskState.NEGOTIATING;
    return attaches ? Optional.of(SyncOccasion.OWN_ATTACH) : Optional.empty();
  }

  private AttachResult result(ReplicationState next) {
    if (decision.isWithoutResult()) {
      return AttachResult.NO_RESULT;
    }
    return switch (next) {
      case WF_BITMAP_S, STARTING_SYNC_S -> AttachResult.SOURCE;
      case WF_BITMAP_T, STARTING_SYNC_T -> AttachResult.TARGET;
      default -> AttachResult.NO_RESYNC;
    };
  }

  /** A disk that a peer attaches beside an UpToDate one, and that is alike, is as good. */
  private DiskState shownDisk(StateWord word, DiskState real, ReplicationState next) {
    boolean alike =
        word.disk() == DiskState.NEGOTIATING
            && next == ReplicationState.ESTABLISHED
            && !decision.isWithoutResult()
            && device.peer().dialect().isVersion9()
            && device.resource().now().volume(device.number()).disk() == DiskState.UP_TO_DATE;
    return alike ? DiskState.UP_TO_DATE : real;
  }

  private boolean isForeign(DiskState real) {
    Optional<String> foreign = seen().foreign(real);
    foreign.ifPresent(device.negotiation()::refuse);
    return foreign.isPresent();
  }

  /**
   * Step 12: I/O waits for a peer that comes back restarted, and so without what it had not made
   * durable. What it was sent cannot be sent again as if nothing had been: it is the peer's resync.
   */
  private boolean restartedMeanwhile(DiskState real) {
    ClusterResource resource = device.resource();
    boolean restarted =
        real == DiskState.CONSISTENT
            && resource.now().isSuspended()
            && resource.now().volume(device.number()).owesNewUuid()
            && device.peer().writes().hasUnconfirmed();
    if (restarted) {
      resource.generations().make(device.number(), false, () -> {});
      device.peer().writes().goOnWithout();
      device.peer().end(ConnectionState.PROTOCOL_ERROR, "the peer was restarted meanwhile");
    }
    return restarted;
  }

  private SeenGeneration seen() {
    return new SeenGeneration(device);
  }

  private Optional<ReplicationState> decide(StateWord word, DiskState real, boolean first) {
    SyncOccasion occasion =
        first
            ? SyncOccasion.CONNECT
            : ownAttach()
                .orElse(
                    word.disk() == DiskState.NEGOTIATING
                        ? SyncOccasion.PEER_ATTACH
                        : SyncOccasion.CONSIDER_RESYNC);
    return switch (decision.decide(word, real, occasion)) {
      case SyncOutcome.Replicate replicate -> Optional.of(replicate.state());
      case SyncOutcome.Disconnect ignored -> {
        device.negotiation().refuse(decision.reason());
        yield Optional.empty();
      }
      case SyncOutcome.Retry ignored -> {
        device.peer().end(ConnectionState.NETWORK_FAILURE, decision.reason());
        yield Optional.empty();
      }
      case SyncOutcome.NoResult ignored -> Optional.of(device.replication());
    };
  }

  /** Step 14: the peer does not know yet that a resync is due. */
  private void makePeerDecide() {
    device
        .resource()
        .states()
        .afterEffects(
            () -> {
              device.identifiers().send();
              device
                  .packets()
                  .sendState(
                      StateWord.of(
                          device.resource().now(), device.peer().nodeId(), device.number()));
            });
  }

  private DiskState realDisk(StateWord word) {
    if (word.disk() != DiskState.NEGOTIATING) {
      return word.disk();
    }
    return device.identifiers().peerFlags().contains(UuidFlag.INCONSISTENT)
        ? DiskState.INCONSISTENT
        : DiskState.CONSISTENT;
  }

  /** Step 5: the target tells that it is done. */
  private boolean endsResync(
      StateWord word, ReplicationState own, DiskState real, boolean peerMayBeTarget) {
    DiskState known = device.snapshot().disk();
    boolean waits =
        (known == DiskState.INCONSISTENT || known == DiskState.CONSISTENT)
            && own.isAbove(ReplicationState.ESTABLISHED)
            && word.replication() == ReplicationState.ESTABLISHED;
    if (!waits) {
      return false;
    }
    if (own.isSource()) {
      if (peerMayBeTarget) {
        device.resyncEnd().sourceFinished(real);
      }
      return true;
    }
    return own != ReplicationState.ESTABLISHED && !own.isTarget();
  }

  /** Step 10. */
  private boolean mustDecide(StateWord word, DiskState real, boolean first) {
    boolean comparable =
        device.identifiers().peer().isPresent()
            && !word.disk().isBelow(DiskState.NEGOTIATING)
            && device.volume().backing().isPresent();
    boolean peerStarts =
        device.replication() == ReplicationState.ESTABLISHED
            && (word.replication() == ReplicationState.STARTING_SYNC_S
                || word.replication() == ReplicationState.STARTING_SYNC_T);
    boolean attaches = word.disk() == DiskState.NEGOTIATING && real != DiskState.NEGOTIATING;
    return comparable
        && (first
            || attaches
            || consider
            || peerStarts
            || ownAttach().isPresent()
            || isForced(real));
  }

  /** Both were Inconsistent, and the peer was declared UpToDate by force. */
  private boolean isForced(DiskState real) {
    return device.replication() == ReplicationState.ESTABLISHED
        && device.snapshot().disk() == DiskState.INCONSISTENT
        && device.resource().now().volume(device.number()).disk() == DiskState.INCONSISTENT
        && real == DiskState.UP_TO_DATE;
  }

  /** Step 13. */
  private void apply(StateWord word, DiskState real, ReplicationState next, boolean first) {
    device.peer().hasConnected();
    apply(
        word,
        own ->
            own.withReplication(next)
                .withDisk(real)
                .withFacts(own.facts().withQuorate(word.hasQuorum())),
        first ? ChangeKind.HARD : ChangeKind.SOFT);
  }

  /** The same, where the result decides what becomes of the own disk. */
  private void apply(StateWord word, DiskState real, AttachResult result) {
    apply(
        word,
        own ->
            own.withDisk(real)
                .withFacts(own.facts().withQuorate(word.hasQuorum()).withAttachResult(result)),
        ChangeKind.SOFT);
  }

  private void apply(StateWord word, UnaryOperator<PeerDeviceSnapshot> news, ChangeKind kind) {
    UnaryOperator<PeerDeviceSnapshot> change =
        own -> news.apply(own).withPause(own.pause().withPeer(word.asksForPause()));
    Outcome outcome =
        device
            .resource()
            .change(
                state ->
                    state.changeConnection(
                        device.peer().nodeId(),
                        connection ->
                            connection
                                .withPeerRole(word.role())
                                .changeDevice(device.number(), change)),
                kind,
                "state of the peer");
    if (outcome instanceof Outcome.Refused refused) {
      device.negotiation().refuse(refused.toString());
    }
  }
}
