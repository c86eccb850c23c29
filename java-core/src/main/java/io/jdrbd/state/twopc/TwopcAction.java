package io.jdrbd.state.twopc;

import io.jdrbd.state.Verdict;

/** What a transaction asks its node to do; the order within a list counts. */
public sealed interface TwopcAction {

  /** Send the prepare to a node, and a ping behind it on the control stream. */
  record Prepare(int node, Proposal proposal, long nodesToReach) implements TwopcAction {}

  /** Send the packets of every volume to a node with which the connection is being made. */
  record SendInitialPackets(int node) implements TwopcAction {}

  /** Send the commit to a node. */
  record SendCommit(int node, TransactionId id, long nodesToReach, CommitMasks commit)
      implements TwopcAction {}

  /** Send the abort to a node. */
  record SendAbort(int node, TransactionId id, long nodesToReach) implements TwopcAction {}

  /** Answer a prepare, on the control stream. */
  record SendReply(int node, TransactionId id, Answer answer, Masks masks) implements TwopcAction {}

  /**
   * Carry the change out here.
   *
   * @param members who belongs to the partition from now on
   */
  record Apply(Proposal proposal, CommitMasks commit, long members) implements TwopcAction {}

  /** Forget what was exchanged with a peer in this attempt to connect; keep its streams. */
  record ForgetHandshake(int node) implements TwopcAction {}

  /** Compute the new size and report it as {@link CoordinatorEvent.SizeDecided}. */
  record DecideSize(long maxSectors, long diskfulPrimaries) implements TwopcAction {}

  /** Start the timer of twopc-timeout for this transaction. */
  record StartTimer(TransactionId id) implements TwopcAction {}

  /** The transaction is over at the coordinator. */
  record Conclude(Verdict verdict) implements TwopcAction {}
}
