package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.loop.Loop;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.twopc.Answer;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Concurrency.Phase;
import io.jdrbd.state.twopc.Concurrency.Reaction;
import io.jdrbd.state.twopc.Coordinator;
import io.jdrbd.state.twopc.CoordinatorEvent;
import io.jdrbd.state.twopc.Handshake;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Participant;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.TransactionId;
import io.jdrbd.state.twopc.TwopcAction;
import io.jdrbd.state.twopc.View;
import io.jdrbd.wire.TwopcPacket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Carries out what the machines of the two-phase commit decide: packets, timers, and the change
 * itself (spec 4.10 to 4.15). One transaction at a time, own or foreign; own ones wait for their
 * turn. On the loop.
 */
final class Transactions {
  private static final System.Logger LOG = System.getLogger(Transactions.class.getName());

  /** The part of the timeout that a second prepare of a node waits for the first to end. */
  private static final int WAITS = 20;

  private final ClusterResource resource;
  private final TwopcFacts facts;
  private final TwopcSender sender;
  private final TwopcCommits commits;
  private final ArrayDeque<OwnTransaction> waiting = new ArrayDeque<>();
  private Optional<Running> running = Optional.empty();
  private Participant participant = Participant.idle();
  private Optional<Proposal> foreign = Optional.empty();
  private Optional<Loop.Timer> timer = Optional.empty();

  Transactions(ClusterResource resource) {
    this.resource = resource;
    this.facts = new TwopcFacts(resource);
    this.sender = new TwopcSender(resource);
    this.commits = new TwopcCommits(resource, facts);
  }

  /** An own transaction that others have been asked for. */
  private record Running(OwnTransaction wanted, Coordinator coordinator) {}

  // -- own transactions

  /**
   * Asks all connected nodes for a change, and carries it out if they agree.
   *
   * @return what came of it; a failure that would pass is not retried
   */
  CompletionStage<Verdict> begin(OwnTransaction wanted) {
    waiting.add(wanted);
    next();
    return wanted.answer();
  }

  private void next() {
    while (running.isEmpty() && foreign.isEmpty() && !waiting.isEmpty()) {
      start(waiting.remove());
    }
  }

  private void start(OwnTransaction wanted) {
    ResourceSnapshot now = resource.known();
    Outcome alone = StateChange.apply(now, wanted.wish().apply(now), ChangeKind.SOFT);
    if (alone instanceof Outcome.Refused refused) {
      wanted.answer().complete(Verdict.refused(refused.error(), refused.reason()));
      return;
    }
    TransactionId id = new TransactionId(now.settings().nodeId(), randomTid());
    Proposal proposal = wanted.proposal().apply(id);
    startTimer(() -> onOwn(new CoordinatorEvent.TimedOut()));
    Coordinator.Progress begun = Coordinator.begin(proposal, facts.view(proposal));
    running = Optional.of(new Running(wanted, begun.next()));
    carryOut(begun.actions());
  }

  private int randomTid() {
    int tid;
    do {
      tid = resource.random().nextInt();
    } while (tid == 0);
    return tid;
  }

  private void onOwn(CoordinatorEvent event) {
    if (running.isEmpty()) {
      return;
    }
    Running before = running.get();
    Proposal proposal = before.coordinator().proposal();
    Coordinator.Progress progress = before.coordinator().on(event, facts.view(proposal));
    running = Optional.of(new Running(before.wanted(), progress.next()));
    carryOut(progress.actions());
  }

  private void conclude(Verdict verdict) {
    Running ended = running.orElseThrow();
    running = Optional.empty();
    stopTimer();
    LOG.log(
        System.Logger.Level.DEBUG,
        "{0}: {1}: {2}",
        resource.name(),
        ended.wanted().cause(),
        verdict);
    resource
        .loop()
        .execute(
            () -> {
              ended.wanted().answer().complete(verdict);
              next();
            });
  }

  // -- what others say

  /** P_TWOPC_PREPARE, P_TWOPC_PREP_RSZ, P_TWOPC_COMMIT or P_TWOPC_ABORT. */
  void request(int from, int volume, TwopcPacket.Request packet) throws ProtocolViolation {
    if (packet.head().initiatorNodeId() == self()) {
      throw new ProtocolViolation(
          "node %d speaks for node %d, which is this one".formatted(from, self()));
    }
    switch (packet) {
      case TwopcPacket.TwopcPrepare prepare ->
          prepare(checked(TwopcWire.prepare(from, volume, prepare)));
      case TwopcPacket.TwopcPrepareResize prepare ->
          resource
              .sizes()
              .look(from, volume, () -> prepare(TwopcWire.prepare(from, volume, prepare)));
      case TwopcPacket.TwopcCommit commit -> commit(from, commit);
      case TwopcPacket.TwopcAbort abort -> abort(from, abort);
    }
  }

  private int self() {
    return resource.now().settings().nodeId();
  }

  /** A connection can be wanted only by the node at its other end, as long as there is none. */
  private Participant.Prepare checked(Participant.Prepare prepare) throws ProtocolViolation {
    Proposal proposal = prepare.proposal();
    int initiator = proposal.id().initiator();
    boolean possible =
        initiator == prepare.from()
            && resource.peer(initiator).filter(peer -> peer.connecting().isUnderWay()).isPresent();
    if (proposal.isConnectOf(self()) && !possible) {
      throw new ProtocolViolation(
          "node %d asks for a connection with node %d, which %s"
              .formatted(
                  prepare.from(),
                  initiator,
                  initiator == prepare.from() ? "stands" : "has to ask itself"));
    }
    return prepare;
  }

  private Reaction reaction(Phase phase, TransactionId id, int from) {
    Optional<TransactionId> own =
        running.map(transaction -> transaction.coordinator().proposal().id());
    return participant.reaction(phase, id, from, self(), own);
  }

  private void prepare(Participant.Prepare prepare) {
    prepare(prepare, false);
  }

  private void prepare(Participant.Prepare prepare, boolean hasWaited) {
    TransactionId id = prepare.proposal().id();
    Reaction reaction = reaction(Phase.PREPARE, id, prepare.from());
    switch (reaction) {
      case ACCEPT -> accept(prepare);
      case ABORT_OWN -> {
        onOwn(new CoordinatorEvent.Yield());
        accept(prepare);
      }
      case WAIT -> {
        if (hasWaited) {
          sender.retry(prepare);
        } else {
          Optional<PeerSession> session = sender.session(prepare.from());
          resource
              .loop()
              .schedule(
                  timeoutNs() / WAITS,
                  () -> {
                    if (session.isPresent() && session.equals(sender.session(prepare.from()))) {
                      prepare(prepare, true);
                    }
                  });
        }
      }
      case DUPLICATE -> foreign(participant.duplicate(prepare.from()));
      case ANSWER_RETRY -> sender.retry(prepare);
      case EXECUTE, FORWARD, IGNORE -> {
        // is no answer to a prepare
      }
    }
  }

  private void accept(Participant.Prepare prepare) {
    Proposal proposal = prepare.proposal();
    Verdict verdict = facts.verdict(proposal);
    View view = facts.view(proposal);
    foreign(participant.prepare(prepare, verdict, view), proposal);
    if (!verdict.ok()) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: what node {1} asks for is refused: {2}",
          resource.name(),
          proposal.id().initiator(),
          verdict);
    }
  }

  private void commit(int from, TwopcPacket.TwopcCommit packet) throws ProtocolViolation {
    TransactionId id = TwopcWire.id(packet.head());
    if (reaction(Phase.COMMIT, id, from) == Reaction.EXECUTE && foreign.isPresent()) {
      if (participant.answer().filter(Answer.YES::equals).isEmpty()) {
        throw new ProtocolViolation(
            "node %d commits what this node has not agreed to".formatted(from));
      }
      View view = facts.view(foreign.get());
      CommitMasks masks = TwopcWire.masks(packet, foreign.get().kind());
      foreign(participant.commit(masks, packet.head().nodesToReach(), view));
    }
  }

  private void abort(int from, TwopcPacket.TwopcAbort packet) {
    TransactionId id = TwopcWire.id(packet.head());
    if (reaction(Phase.ABORT, id, from) == Reaction.EXECUTE && foreign.isPresent()) {
      View view = facts.view(foreign.get());
      foreign(participant.abort(id, packet.head().nodesToReach(), view));
    }
  }

  /** P_TWOPC_YES, P_TWOPC_NO or P_TWOPC_RETRY. */
  void replied(int from, TwopcPacket.TwopcReply packet) {
    TransactionId id = new TransactionId(packet.initiatorNodeId(), packet.tid());
    Answer answer = TwopcWire.answer(packet);
    Masks masks = TwopcWire.masks(packet, kind(id));
    if (running.filter(own -> own.coordinator().proposal().id().equals(id)).isPresent()) {
      onOwn(new CoordinatorEvent.Replied(from, answer, masks));
    } else {
      foreign(participant.replied(from, id, answer, masks));
    }
  }

  private Proposal.Kind kind(TransactionId id) {
    return proposal(id).map(Proposal::kind).orElse(Proposal.Kind.STATE);
  }

  /** The connection that is being made with a node has come further. */
  void handshakeCame(int node, Handshake handshake) {
    boolean own =
        running
            .map(transaction -> transaction.coordinator().proposal())
            .filter(proposal -> proposal.isConnect() && proposal.target() == node)
            .isPresent();
    if (own) {
      onOwn(new CoordinatorEvent.HandshakeCame(handshake));
    } else if (foreign.filter(proposal -> proposal.id().initiator() == node).isPresent()) {
      foreign(participant.handshakeCame(handshake));
    }
  }

  /** The connection to a node is lost. */
  void lost(int node) {
    onOwn(new CoordinatorEvent.Lost(node));
    foreign.ifPresent(proposal -> foreign(participant.lost(node, facts.view(proposal))));
  }

  private void foreign(Participant.Progress progress, Proposal proposal) {
    foreign = Optional.of(proposal);
    foreign(progress);
  }

  private void foreign(Participant.Progress progress) {
    participant = progress.next();
    carryOut(progress.actions());
    if (participant.transaction().isEmpty() && foreign.isPresent()) {
      foreign = Optional.empty();
      stopTimer();
      resource.loop().execute(this::next);
    }
  }

  // -- actions

  /** What follows from changes of state waits until all is said that belongs to the transaction. */
  private void carryOut(List<TwopcAction> actions) {
    if (actions.isEmpty()) {
      return;
    }
    EffectQueue.Gate gate = resource.states().holdEffects();
    actions.forEach(this::carryOut);
    gate.open();
  }

  private void carryOut(TwopcAction action) {
    switch (action) {
      case TwopcAction.Prepare(int node, Proposal proposal, long left) ->
          sender.prepare(node, proposal, left);
      case TwopcAction.SendInitialPackets(int node) -> sender.initialPackets(node);
      case TwopcAction.SendCommit(int node, var id, long left, CommitMasks commit) ->
          sender.commit(node, proposal(id).orElseThrow(), left, commit);
      case TwopcAction.SendAbort(int node, var id, long left) ->
          sender.abort(node, proposal(id).orElseThrow(), id, left);
      case TwopcAction.SendReply(int node, var id, Answer answer, Masks masks) ->
          sender.reply(node, proposal(id).orElseThrow(), answer, masks);
      case TwopcAction.Apply apply -> commits.apply(apply, running.map(Running::wanted));
      case TwopcAction.ForgetHandshake(int node) -> sender.forgetHandshake(node);
      case TwopcAction.DecideSize(long maxSectors, long ignored) -> {
        Proposal proposal = running.orElseThrow().coordinator().proposal();
        long sectors = resource.sizes().decide(proposal, maxSectors);
        onOwn(new CoordinatorEvent.SizeDecided(sectors));
      }
      case TwopcAction.StartTimer(TransactionId id) ->
          startTimer(
              () ->
                  foreign.ifPresent(
                      proposal -> foreign(participant.timedOut(id, facts.view(proposal)))));
      case TwopcAction.Conclude(Verdict verdict) -> conclude(verdict);
    }
  }

  /** What is under way. */
  private Optional<Proposal> proposal(TransactionId id) {
    return running
        .map(own -> own.coordinator().proposal())
        .filter(proposal -> proposal.id().equals(id))
        .or(() -> foreign);
  }

  private void startTimer(Runnable expired) {
    stopTimer();
    timer = Optional.of(resource.loop().schedule(timeoutNs(), expired));
  }

  private long timeoutNs() {
    return TimeUnit.MILLISECONDS.toNanos(resource.times().timeoutMs());
  }

  private void stopTimer() {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.empty();
  }
}
