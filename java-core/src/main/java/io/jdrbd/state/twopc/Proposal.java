package io.jdrbd.state.twopc;

import io.jdrbd.state.cluster.StateRequest;

/**
 * What a transaction is about.
 *
 * @param id of the transaction
 * @param kind a change of state or of size
 * @param change of state, from the initiator's point of view; empty for a change of size
 * @param size how large it is to be, for a change of size
 * @param volume that is concerned; {@link Nodes#NONE} for the whole resource
 * @param target node that is concerned above all; {@link Nodes#NONE} for all
 */
public record Proposal(
    TransactionId id, Kind kind, StateRequest change, SizeChange size, int volume, int target) {

  /** What is changed. */
  public enum Kind {
    STATE,
    SIZE
  }

  /** A change of state. */
  public static Proposal state(TransactionId id, StateRequest change, int volume, int target) {
    return new Proposal(id, Kind.STATE, change, SizeChange.NONE, volume, target);
  }

  /** A change of size. */
  public static Proposal size(TransactionId id, int volume, SizeChange size) {
    return new Proposal(id, Kind.SIZE, new StateRequest(0, 0), size, volume, Nodes.NONE);
  }

  /** Whether a connection is to come about. */
  public boolean isConnect() {
    return kind == Kind.STATE && change.isConnect() && volume == Nodes.NONE;
  }

  /** Whether a connection is to end in good order. */
  public boolean isDisconnect() {
    return kind == Kind.STATE && change.isDisconnect();
  }

  /** Whether a connection with this node, the target, is to come about. */
  public boolean isConnectOf(int node) {
    return isConnect() && target == node;
  }
}
