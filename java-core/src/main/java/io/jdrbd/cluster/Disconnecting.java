package io.jdrbd.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.cluster.Wishes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The command {@code disconnect}: with the peer's consent, or without (spec 1.12). On the loop. */
final class Disconnecting {
  private final ClusterPeer peer;

  Disconnecting(ClusterPeer peer) {
    this.peer = peer;
  }

  /**
   * Ends the connection.
   *
   * @param force without asking the peer
   * @return when it is decided; the connection then goes to StandAlone by itself
   */
  CompletionStage<Verdict> request(boolean force) {
    boolean stands = peer.session().isPresent() && peer.state() == ConnectionState.CONNECTED;
    if (force || !stands) {
      return alone();
    }
    return peer.dialect().isVersion9() ? together() : peer.requests().disconnect();
  }

  private CompletionStage<Verdict> alone() {
    peer.disconnecting("disconnect");
    return CompletableFuture.completedStage(Verdict.passed("disconnected"));
  }

  /** All nodes have to agree (spec 4.17.1). */
  private CompletionStage<Verdict> together() {
    return new Attempts(peer.resource()).untilDecided(this::attempt);
  }

  private CompletionStage<Verdict> attempt() {
    int nodeId = peer.nodeId();
    ResourceSnapshot now = peer.resource().known();
    if (!now.connection(nodeId).isConnected()) {
      return alone();
    }
    StateRequest.Outdates outdates = Wishes.outdates(now, nodeId);
    return peer.resource()
        .transactions()
        .begin(
            OwnTransaction.of(
                "disconnect",
                StateRequest.disconnect(outdates, DiskNumbering.VERSION_9),
                nodeId,
                state -> Wishes.disconnect(state, nodeId)));
  }
}
