package io.jdrbd.state.twopc;

import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.StateRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The node that asks for a change (spec 4.11). Immutable: every event gives a new one.
 *
 * <pre>
 *   begin ─► prepared ── all YES, handshake ready ──► COMMIT
 *               └────── RETRY, NO, lost, timeout ───► ABORT
 * </pre>
 *
 * @param proposal what is asked for
 * @param addressed nodes that got the prepare
 * @param agreed those that said yes
 * @param here what is known of this side of a disconnect; of all, for other changes
 * @param there what is known of the target's side
 * @param handshake how far a connect has come on this side
 * @param sizeAsked whether the new size is being computed
 * @param over whether it is decided
 */
public record Coordinator(
    Proposal proposal,
    long addressed,
    long agreed,
    long refused,
    Masks here,
    Masks there,
    Handshake handshake,
    boolean sizeAsked,
    boolean over) {

  /** A coordinator after an event, and what is to be done. */
  public record Progress(Coordinator next, List<TwopcAction> actions) {
    public Progress {
      actions = List.copyOf(actions);
    }
  }

  /** Asks everybody; the own rules have passed the change already. */
  public static Progress begin(Proposal proposal, View view) {
    int target = proposal.target();
    long present = proposal.isConnect() ? view.connected() | view.connecting() : view.connected();
    if (target != Nodes.NONE && !Nodes.has(present, target)) {
      Coordinator none = initial(proposal, 0, view);
      return none.concluded(
          List.of(), Verdict.refused(StateError.NEED_CONNECTION, "node " + target + " is away"));
    }
    long addressed = view.connected() | Nodes.of(target);
    Coordinator next = initial(proposal, addressed, view);
    if (addressed == 0) {
      return next.alone(view);
    }
    List<TwopcAction> actions = new ArrayList<>();
    for (int node : Nodes.list(addressed)) {
      actions.add(new TwopcAction.Prepare(node, proposal, ~(addressed | Nodes.of(view.self()))));
    }
    if (proposal.isConnect()) {
      actions.add(new TwopcAction.SendInitialPackets(target));
    }
    return new Progress(next, actions);
  }

  private static Coordinator initial(Proposal proposal, long addressed, View view) {
    long target = Nodes.of(proposal.target());
    long reachable = view.neighbourhood();
    if (proposal.isConnect()) {
      reachable |= target;
    }
    boolean disconnect = proposal.isDisconnect();
    Masks here = new Masks(disconnect ? reachable & ~target : reachable, 0, 0, view.maxSectors());
    Masks there = new Masks(disconnect ? target : reachable, 0, 0, Masks.ANY_SIZE);
    Handshake handshake = proposal.isConnect() ? Handshake.PENDING : Handshake.READY;
    return new Coordinator(proposal, addressed, 0, 0, here, there, handshake, false, false);
  }

  /** Something happened. */
  public Progress on(CoordinatorEvent event, View view) {
    if (over) {
      return new Progress(this, List.of());
    }
    return switch (event) {
      case CoordinatorEvent.Replied replied -> replied(replied, view);
      case CoordinatorEvent.Lost(int node) ->
          Nodes.has(addressed, node)
              ? aborted(view, StateError.CONCURRENT_ST_CHG, "node " + node + " was lost")
              : new Progress(this, List.of());
      case CoordinatorEvent.TargetUnreachable() ->
          aborted(view, StateError.NEED_CONNECTION, "the target cannot be reached");
      case CoordinatorEvent.HandshakeCame(Handshake came) -> with(came).decide(view);
      case CoordinatorEvent.SizeDecided(long sectors) ->
          sectors == 0
              ? unchanged(view)
              : committed(view, new CommitMasks(diskfulPrimaries(view), 0, false, sectors));
      case CoordinatorEvent.Yield() ->
          aborted(view, StateError.CONCURRENT_ST_CHG, "a lower node's transaction goes first");
      case CoordinatorEvent.TimedOut() ->
          aborted(
              view,
              StateError.TIMEOUT,
              "no answer from " + Nodes.text(addressed & ~agreed & ~refused));
    };
  }

  private Progress replied(CoordinatorEvent.Replied reply, View view) {
    if (!Nodes.has(addressed, reply.node())) {
      return new Progress(this, List.of());
    }
    return switch (reply.answer()) {
      case YES -> yes(reply.node(), reply.masks()).decide(view);
      case NO ->
          new Coordinator(
                  proposal,
                  addressed,
                  agreed,
                  refused | Nodes.of(reply.node()),
                  here,
                  there,
                  handshake,
                  sizeAsked,
                  over)
              .decide(view);
      case RETRY ->
          aborted(view, StateError.CONCURRENT_ST_CHG, "node " + reply.node() + " is busy");
    };
  }

  /** Masks of Primaries go to one place; who can be reached depends on the side. */
  private Coordinator yes(int node, Masks masks) {
    boolean fromTarget = node == proposal.target();
    Masks others = new Masks(0, masks.primaries(), masks.weak(), masks.maxSectors());
    Masks reached = new Masks(masks.reachable(), 0, 0, Masks.ANY_SIZE);
    return new Coordinator(
        proposal,
        addressed,
        agreed | Nodes.of(node),
        refused,
        here.and(others).and(fromTarget ? nothing() : reached),
        fromTarget ? there.and(reached) : there,
        handshake,
        sizeAsked,
        over);
  }

  private static Masks nothing() {
    return new Masks(0, 0, 0, Masks.ANY_SIZE);
  }

  private Coordinator with(Handshake came) {
    return new Coordinator(
        proposal, addressed, agreed, refused, here, there, came, sizeAsked, over);
  }

  /** The answers count once the own side of a connect is complete. */
  private Progress decide(View view) {
    if (handshake == Handshake.PENDING) {
      return new Progress(this, List.of());
    }
    boolean complete = refused != 0 || (agreed & addressed) == addressed;
    if (!complete) {
      return new Progress(this, List.of());
    }
    if (handshake == Handshake.RETRY) {
      return aborted(view, StateError.HANDSHAKE_RETRY, "the own data says: try again");
    }
    if (handshake == Handshake.DISCONNECT) {
      return aborted(view, StateError.HANDSHAKE_DISCONNECT, "the own data forbids to connect");
    }
    if (refused != 0) {
      return aborted(view, StateError.CW_FAILED_BY_PEER, "refused by node " + Nodes.text(refused));
    }
    return proposal.kind() == Proposal.Kind.SIZE ? askSize() : everybodyAgreed(view);
  }

  private long diskfulPrimaries(View view) {
    boolean counts = view.primary() && view.hasDisk();
    return here.primaries() | (counts ? Nodes.of(view.self()) : 0);
  }

  private Progress askSize() {
    if (sizeAsked) {
      return new Progress(this, List.of());
    }
    Coordinator asked =
        new Coordinator(proposal, addressed, agreed, refused, here, there, handshake, true, over);
    return new Progress(
        asked, List.of(new TwopcAction.DecideSize(here.maxSectors(), here.primaries())));
  }

  private Progress everybodyAgreed(View view) {
    long now = view.connected() | (proposal.isConnect() ? Nodes.of(proposal.target()) : 0);
    long primaries = here.primaries();
    long weak = here.weak();
    if (view.primary()) {
      primaries |= Nodes.of(view.self());
      long leaving = proposal.isDisconnect() ? Nodes.of(proposal.target()) : 0;
      weak |= view.dataAccessible() ? ~((now | Nodes.of(view.self())) & ~leaving) : 0;
    }
    Verdict verdict = primariesAreFine(primaries, weak, view);
    if (verdict instanceof Verdict.Refused no) {
      return aborted(view, (StateError) no.refusal(), no.reason());
    }
    long own = here.reachable();
    long target = there.reachable();
    if (!proposal.isDisconnect() || (own & target) != 0) {
      own |= target;
      target = own;
    }
    CommitMasks commit = new CommitMasks(primaries, target, primaries != 0 && weak == 0, 0);
    return committed(view, commit, own);
  }

  private Verdict primariesAreFine(long primaries, long weak, View view) {
    StateRequest change = proposal.change();
    if (!change.isPromotion() && !proposal.isConnect()) {
      return Verdict.passed("nobody becomes Primary or a neighbour of one");
    }
    Verdict verdict = PrimaryDistances.check(primaries, weak, view);
    boolean readerBesidePrimary =
        proposal.isConnect()
            && view.readOnlyOpen()
            && (primaries & (view.connected() | view.connecting()) & ~view.twoPrimaries()) != 0;
    return verdict.ok() && readerBesidePrimary
        ? Verdict.refused(
            StateError.PRIMARY_READER, "a volume is open here, and the peer is Primary")
        : verdict;
  }

  private Progress committed(View view, CommitMasks commit) {
    return committed(view, commit, here.reachable());
  }

  private Progress committed(View view, CommitMasks commit, long members) {
    long now = view.connected() | (proposal.isConnect() ? Nodes.of(proposal.target()) : 0);
    List<TwopcAction> actions = new ArrayList<>();
    TwopcAction apply = new TwopcAction.Apply(proposal, commit, members);
    if (localFirst()) {
      actions.add(apply);
    }
    for (int node : Nodes.list(now)) {
      actions.add(
          new TwopcAction.SendCommit(node, proposal.id(), ~(now | Nodes.of(view.self())), commit));
    }
    if (!localFirst()) {
      actions.add(apply);
    }
    return concluded(actions, Verdict.passed("agreed by nodes " + Nodes.text(agreed)));
  }

  /** A node must be Primary before the others know, and no longer when they know. */
  private boolean localFirst() {
    StateRequest change = proposal.change();
    return proposal.kind() == Proposal.Kind.STATE
        && (change.isPromotion()
            || change.isEmpty()
            || change.asksFor(ReplicationState.STARTING_SYNC_S)
            || change.asksFor(ReplicationState.STARTING_SYNC_T)
            || change.asksFor(ReplicationState.WF_BITMAP_T));
  }

  private Progress alone(View view) {
    CommitMasks commit = new CommitMasks(0, here.reachable(), false, 0);
    return proposal.kind() == Proposal.Kind.SIZE
        ? askSize()
        : concluded(
            List.of(new TwopcAction.Apply(proposal, commit, Nodes.of(view.self()))),
            Verdict.passed("no other node is there"));
  }

  private Progress unchanged(View view) {
    return concluded(aborts(view), Verdict.passed("the size stays as it is"));
  }

  private Progress aborted(View view, StateError error, String reason) {
    List<TwopcAction> actions = new ArrayList<>(aborts(view));
    if (proposal.isConnect()) {
      actions.add(new TwopcAction.ForgetHandshake(proposal.target()));
    }
    return concluded(actions, Verdict.refused(error, reason));
  }

  private List<TwopcAction> aborts(View view) {
    long present = addressed & (view.connected() | view.connecting());
    return Nodes.list(present).stream()
        .<TwopcAction>map(
            node ->
                new TwopcAction.SendAbort(node, proposal.id(), ~(present | Nodes.of(view.self()))))
        .toList();
  }

  private Progress concluded(List<TwopcAction> actions, Verdict verdict) {
    List<TwopcAction> all = new ArrayList<>(actions);
    all.add(new TwopcAction.Conclude(verdict));
    Coordinator ended =
        new Coordinator(
            proposal, addressed, agreed, refused, here, there, handshake, sizeAsked, true);
    return new Progress(ended, all);
  }
}
