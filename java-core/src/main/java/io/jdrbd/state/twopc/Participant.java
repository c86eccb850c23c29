package io.jdrbd.state.twopc;

import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.twopc.Concurrency.Phase;
import io.jdrbd.state.twopc.Concurrency.Reaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node that is asked for a change (spec 4.12). Immutable: every event gives a new one.
 *
 * <pre>
 *   idle ─ PREPARE ─► prepared ─ answer ─► answered ─ COMMIT ─► idle (applied)
 *                         └──── ABORT, parent lost, timeout ──► idle (forgotten)
 * </pre>
 */
public final class Participant {
  private static final Participant IDLE = new Participant(Optional.empty());

  private final Optional<ActiveTransaction> active;

  private Participant(Optional<ActiveTransaction> active) {
    this.active = active;
  }

  /** Takes part in nothing. */
  public static Participant idle() {
    return IDLE;
  }

  /** A participant after an event, and what is to be done. */
  public record Progress(Participant next, List<TwopcAction> actions) {
    public Progress {
      actions = List.copyOf(actions);
    }
  }

  /**
   * A prepare as it came.
   *
   * @param from who sent it
   * @param nodesToReach whom nobody has asked yet
   */
  public record Prepare(int from, Proposal proposal, long nodesToReach) {}

  /** The transaction in which this node takes part. */
  public Optional<TransactionId> transaction() {
    return active.map(transaction -> transaction.proposal().id());
  }

  /** What was answered to the prepare, once it was. */
  public Optional<Answer> answer() {
    return active.flatMap(ActiveTransaction::answered);
  }

  /**
   * What is to be done with a packet, given the own transaction as well.
   *
   * @param own the transaction that this node coordinates, if there is one
   */
  public Reaction reaction(
      Phase phase, TransactionId incoming, int from, int self, Optional<TransactionId> own) {
    boolean fromParent =
        active.map(transaction -> Nodes.has(transaction.parents(), from)).orElse(false);
    return Concurrency.react(phase, incoming, self, transaction().or(() -> own), fromParent);
  }

  /**
   * A prepare that {@link Reaction#ACCEPT} allows.
   *
   * @param verdict what the own rules say of the change, mirrored; for a change of size that it can
   *     be
   */
  public Progress prepare(Prepare prepare, Verdict verdict, View view) {
    Proposal proposal = prepare.proposal();
    TransactionId id = proposal.id();
    Masks masks = masks(proposal, view);
    boolean busy =
        verdict instanceof Verdict.Refused no && no.refusal() == StateError.IN_TRANSIENT_STATE;
    if (busy) {
      return new Progress(
          this, List.of(new TwopcAction.SendReply(prepare.from(), id, Answer.RETRY, masks)));
    }
    long children =
        view.connected()
            & prepare.nodesToReach()
            & ~(Nodes.of(view.self()) | Nodes.of(prepare.from()));
    boolean mine = proposal.isConnectOf(view.self());
    ActiveTransaction transaction =
        new ActiveTransaction(
            proposal,
            Nodes.of(prepare.from()),
            children,
            0,
            Answer.YES,
            verdict,
            mine ? Handshake.PENDING : Handshake.READY,
            masks,
            Optional.empty());
    List<TwopcAction> actions = new ArrayList<>();
    if (mine) {
      actions.add(new TwopcAction.ForgetHandshake(id.initiator()));
      actions.add(new TwopcAction.SendInitialPackets(id.initiator()));
    }
    actions.add(new TwopcAction.StartTimer(id));
    long left = prepare.nodesToReach() & ~(children | Nodes.of(view.self()));
    for (int child : Nodes.list(children)) {
      actions.add(new TwopcAction.Prepare(child, proposal, left));
    }
    return answered(transaction, actions);
  }

  private static Masks masks(Proposal proposal, View view) {
    long initiator = Nodes.of(proposal.id().initiator());
    long reachable = view.neighbourhood();
    if (proposal.isConnect()) {
      reachable |= initiator;
    } else if (proposal.isDisconnect()) {
      reachable &= ~initiator;
    }
    boolean writes = view.primary() && view.dataAccessible();
    boolean size = proposal.kind() == Proposal.Kind.SIZE;
    boolean counts = view.primary() && (!size || view.hasDisk());
    return new Masks(
        reachable,
        counts ? Nodes.of(view.self()) : 0,
        writes && !size ? ~reachable : 0,
        view.maxSectors());
  }

  /** The same prepare came from another node. */
  public Progress duplicate(int from) {
    if (active.isEmpty()) {
      return new Progress(this, List.of());
    }
    ActiveTransaction transaction = active.get().withParent(from);
    if (transaction.answered().isPresent()) {
      return new Progress(
          new Participant(Optional.of(transaction)),
          List.of(
              new TwopcAction.SendReply(
                  from,
                  transaction.proposal().id(),
                  transaction.answered().get(),
                  transaction.masks())));
    }
    boolean crossed = Nodes.has(transaction.children(), from);
    ActiveTransaction next =
        crossed
            ? transaction.withReply(from, Answer.YES, new Masks(0, 0, 0, Masks.ANY_SIZE))
            : transaction;
    return answered(next, List.of());
  }

  /** A node to which the prepare was passed on answered. */
  public Progress replied(int node, TransactionId id, Answer answer, Masks masks) {
    return active
        .filter(transaction -> transaction.proposal().id().equals(id))
        .filter(transaction -> Nodes.has(transaction.children(), node))
        .map(transaction -> answered(transaction.withReply(node, answer, masks), List.of()))
        .orElse(new Progress(this, List.of()));
  }

  /** The own side of a connect came further. */
  public Progress handshakeCame(Handshake handshake) {
    return active
        .map(transaction -> answered(transaction.with(handshake), List.of()))
        .orElse(new Progress(this, List.of()));
  }

  private static Progress answered(ActiveTransaction transaction, List<TwopcAction> before) {
    List<TwopcAction> actions = new ArrayList<>(before);
    Optional<Answer> answer =
        transaction.answered().isPresent() ? Optional.empty() : transaction.answer();
    answer.ifPresent(
        given ->
            Nodes.list(transaction.parents())
                .forEach(
                    parent ->
                        actions.add(
                            new TwopcAction.SendReply(
                                parent, transaction.proposal().id(), given, transaction.masks()))));
    ActiveTransaction next = answer.map(transaction::with).orElse(transaction);
    return new Progress(new Participant(Optional.of(next)), actions);
  }

  /** A commit for which {@link Reaction#EXECUTE} is the answer. */
  public Progress commit(CommitMasks commit, long nodesToReach, View view) {
    return active
        .map(transaction -> commit(transaction, commit, nodesToReach, view))
        .orElse(new Progress(this, List.of()));
  }

  private static Progress commit(
      ActiveTransaction transaction, CommitMasks commit, long nodesToReach, View view) {
    Proposal proposal = transaction.proposal();
    List<TwopcAction> actions = new ArrayList<>();
    actions.add(new TwopcAction.Apply(proposal, commit, commit.reachable()));
    long children = view.connected() & nodesToReach & ~Nodes.of(view.self());
    long left = nodesToReach & ~(children | Nodes.of(view.self()));
    for (int child : Nodes.list(children)) {
      actions.add(new TwopcAction.SendCommit(child, proposal.id(), left, commit));
    }
    return new Progress(IDLE, actions);
  }

  /** An abort for which {@link Reaction#EXECUTE} or {@link Reaction#FORWARD} is the answer. */
  public Progress abort(TransactionId id, long nodesToReach, View view) {
    List<TwopcAction> actions = new ArrayList<>();
    boolean known = transaction().filter(id::equals).isPresent();
    if (known) {
      forget(view).ifPresent(actions::add);
    }
    long children = view.connected() & nodesToReach & ~Nodes.of(view.self());
    long left = nodesToReach & ~(children | Nodes.of(view.self()));
    for (int child : Nodes.list(children)) {
      actions.add(new TwopcAction.SendAbort(child, id, left));
    }
    return new Progress(known ? IDLE : this, actions);
  }

  private Optional<TwopcAction> forget(View view) {
    return active
        .map(ActiveTransaction::proposal)
        .filter(proposal -> proposal.isConnectOf(view.self()))
        .map(proposal -> new TwopcAction.ForgetHandshake(proposal.id().initiator()));
  }

  /** The connection to a node was lost. */
  public Progress lost(int node, View view) {
    if (active.isEmpty()) {
      return new Progress(this, List.of());
    }
    ActiveTransaction transaction = active.get();
    if (Nodes.has(transaction.parents(), node)) {
      ActiveTransaction next = transaction.withoutParent(node);
      return next.parents() == 0
          ? abort(transaction.proposal().id(), Nodes.ALL, view)
          : new Progress(new Participant(Optional.of(next)), List.of());
    }
    return Nodes.has(transaction.children(), node)
        ? answered(
            transaction.withReply(node, Answer.RETRY, new Masks(0, 0, 0, Masks.ANY_SIZE)),
            List.of())
        : new Progress(this, List.of());
  }

  /** twopc-timeout is over; nothing is said, and a commit that comes later is ignored. */
  public Progress timedOut(TransactionId id, View view) {
    return transaction().filter(id::equals).isEmpty()
        ? new Progress(this, List.of())
        : new Progress(IDLE, forget(view).stream().toList());
  }
}
