package io.jdrbd.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Commit;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Nodes;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.TwopcAction;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Brings into force what all nodes have agreed to (spec 4.11, 4.12, 4.15). */
final class TwopcCommits {
  private final ClusterResource resource;
  private final TwopcFacts facts;

  TwopcCommits(ClusterResource resource, TwopcFacts facts) {
    this.resource = resource;
    this.facts = facts;
  }

  /**
   * Carries a change out here.
   *
   * @param wanted what this node has asked for, if it has
   */
  void apply(TwopcAction.Apply apply, Optional<OwnTransaction> wanted) {
    CommitMasks masks = apply.commit();
    Proposal proposal = apply.proposal();
    if (proposal.kind() == Proposal.Kind.SIZE) {
      resource.sizes().commit(proposal, masks);
      return;
    }
    Commit commit =
        new Commit(
            facts.kindOfCommit(proposal),
            masks.primaries(),
            apply.members(),
            masks.primaryIncapable());
    boolean own = proposal.id().initiator() == resource.now().settings().nodeId();
    if (own) {
      atInitiator(proposal, wanted.orElseThrow(), commit);
    } else {
      atParticipant(proposal, commit);
    }
  }

  /** This node has asked. */
  private void atInitiator(Proposal proposal, OwnTransaction wanted, Commit commit) {
    if (proposal.isConnect()) {
      boolean primary = Nodes.has(commit.primaryNodes(), proposal.target());
      connected(
          proposal.target(),
          primary ? Role.PRIMARY : Role.SECONDARY,
          (now, wish) -> commit.atInitiator(now, wish));
    } else {
      agreed(
          now -> commit.atInitiator(now, wanted.wish().apply(now)),
          ChangeKind.SOFT,
          wanted.cause());
    }
  }

  /** Another node has asked. */
  private void atParticipant(Proposal proposal, Commit commit) {
    int initiator = proposal.id().initiator();
    if (proposal.isConnectOf(resource.now().settings().nodeId())) {
      Role role =
          facts
              .wanted(resource.known(), proposal)
              .map(wanted -> wanted.connection(initiator).peerRole())
              .orElse(Role.SECONDARY);
      connected(initiator, role, (now, wish) -> commit.atParticipant(now, wish));
      return;
    }
    ResourceSnapshot before = resource.known();
    agreed(
        now -> commit.atParticipant(now, facts.wanted(now, proposal).orElse(now)),
        TwopcFacts.kind(proposal),
        "transaction of node " + initiator);
    resource.peer(initiator).ifPresent(peer -> peer.requests().considerForced(before));
  }

  /** What a commit makes of the state in force and a wish. */
  @FunctionalInterface
  private interface Committed {
    ResourceSnapshot of(ResourceSnapshot now, ResourceSnapshot wanted);
  }

  /** All that was found out in the handshake comes into force at once. */
  private void connected(int node, Role role, Committed commit) {
    ClusterPeer peer = resource.peer(node).orElseThrow();
    agreed(
        now ->
            commit.of(
                now,
                peer.connecting()
                    .appliedTo(now)
                    .changeConnection(
                        node,
                        connection ->
                            connection.withState(ConnectionState.CONNECTED).withPeerRole(role))),
        ChangeKind.HARD,
        "connect transaction");
    peer.connecting().succeeded();
  }

  /** The rules were asked when it was prepared; it is too late to refuse. */
  private void agreed(UnaryOperator<ResourceSnapshot> wish, ChangeKind kind, String cause) {
    if (resource.change(wish, kind, cause) instanceof Outcome.Refused) {
      resource.change(wish, ChangeKind.HARD, cause);
    }
  }
}
