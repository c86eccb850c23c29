package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.state.twopc.Answer;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Participant;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.TransactionId;
import io.jdrbd.wire.Packet;
import java.util.Optional;

/** Sends what belongs to transactions to those peers that there are (spec 4.10). On the loop. */
final class TwopcSender {
  private final ClusterResource resource;

  TwopcSender(ClusterResource resource) {
    this.resource = resource;
  }

  /** The connection to a node, while its streams are open. */
  Optional<PeerSession> session(int node) {
    return resource.peer(node).flatMap(ClusterPeer::session);
  }

  /** Asks, and wants to know soon whether the node is there at all (spec 4.13). */
  void prepare(int node, Proposal proposal, long nodesToReach) {
    send(node, proposal, TwopcWire.prepare(proposal, nodesToReach));
    session(node).ifPresent(session -> session.ping(() -> {}));
  }

  void commit(int node, Proposal proposal, long nodesToReach, CommitMasks commit) {
    send(node, proposal, TwopcWire.commit(proposal, nodesToReach, commit));
  }

  void abort(int node, Proposal proposal, TransactionId id, long nodesToReach) {
    send(node, proposal, TwopcWire.abort(id, proposal.target(), nodesToReach));
  }

  void reply(int node, Proposal proposal, Answer answer, Masks masks) {
    send(node, proposal, TwopcWire.reply(proposal, answer, masks));
  }

  /** The answer to a node that has to ask again later. */
  void retry(Participant.Prepare prepare) {
    Masks nothing = new Masks(0, 0, 0, Masks.ANY_SIZE);
    reply(prepare.from(), prepare.proposal(), Answer.RETRY, nothing);
  }

  private void send(int node, Proposal proposal, Packet packet) {
    resource.peer(node).ifPresent(peer -> peer.send(TwopcWire.header(proposal), packet));
  }

  /** Says all about the volumes to a node with which a connection is being made. */
  void initialPackets(int node) {
    resource.peer(node).ifPresent(peer -> peer.connecting().sendInitialPackets());
  }

  /** An attempt to connect has failed: what was said in it counts no longer. */
  void forgetHandshake(int node) {
    resource.peer(node).ifPresent(peer -> peer.connecting().forget());
  }
}
