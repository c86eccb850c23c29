package io.jdrbd.cluster;

import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Nodes;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A change that this node asks all others for.
 *
 * @param cause for the log
 * @param change from this node's point of view
 * @param volume that it is about; {@link Nodes#NONE}: all
 * @param target the one node that it is about; {@link Nodes#NONE}: all
 * @param wish the change itself
 * @param answer what comes of it
 */
record OwnTransaction(
    String cause,
    StateRequest change,
    int volume,
    int target,
    UnaryOperator<ResourceSnapshot> wish,
    CompletableFuture<Verdict> answer) {

  /** A change of the whole resource that nobody has been asked for yet. */
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
    return new OwnTransaction(cause, change, volume, target, wish, new CompletableFuture<>());
  }
}
