package io.jdrbd.cluster;

import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Nodes;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.SizeChange;
import io.jdrbd.state.twopc.TransactionId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A change that this node asks all others for.
 *
 * @param cause for the log
 * @param proposal the change from this node's point of view, once the transaction has an id
 * @param wish the change itself
 * @param answer what comes of it
 */
record OwnTransaction(
    String cause,
    Function<TransactionId, Proposal> proposal,
    UnaryOperator<ResourceSnapshot> wish,
    CompletableFuture<Verdict> answer) {

  /**
   * A change of the whole resource that nobody has been asked for yet.
   *
   * @param target the one node that it is about; {@link Nodes#NONE}: all
   */
  static OwnTransaction of(
      String cause, StateRequest change, int target, UnaryOperator<ResourceSnapshot> wish) {
    return ofVolume(cause, change, Nodes.NONE, target, wish);
  }

  /** The same for one volume. */
  static OwnTransaction ofVolume(
      String cause,
      StateRequest change,
      int volume,
      int target,
      UnaryOperator<ResourceSnapshot> wish) {
    return new OwnTransaction(
        cause, id -> Proposal.state(id, change, volume, target), wish, new CompletableFuture<>());
  }

  /** Another size of a volume. */
  static OwnTransaction resize(int volume, SizeChange size) {
    return new OwnTransaction(
        "resize of volume " + volume,
        id -> Proposal.size(id, volume, size),
        UnaryOperator.identity(),
        new CompletableFuture<>());
  }
}
