package io.jdrbd.state.twopc;

import java.util.Optional;

/**
 * What a node does with a packet of one transaction while another may be active (spec 4.13). A
 * lower initiator goes first only against a transaction of the receiver itself; else first come,
 * first served.
 */
public final class Concurrency {

  /** Packets that come down from the initiator. */
  public enum Phase {
    PREPARE,
    COMMIT,
    ABORT
  }

  /** What to do. */
  public enum Reaction {
    /** Take part. */
    ACCEPT,
    /** Give up the own transaction, then take part. */
    ABORT_OWN,
    /** Say that something else is under way. */
    ANSWER_RETRY,
    /** Wait a twentieth of twopc-timeout for the active one to end, then decide again, once. */
    WAIT,
    /** The same prepare, by another way. */
    DUPLICATE,
    /** Carry out what was prepared. */
    EXECUTE,
    /** Pass it on, nothing else. */
    FORWARD,
    /** Nothing. */
    IGNORE
  }

  private Concurrency() {}

  /**
   * Decides.
   *
   * @param self the own node
   * @param active the transaction that is active here, if there is one
   * @param fromParent whether the sender is one of those who sent the active one's prepare
   */
  public static Reaction react(
      Phase phase,
      TransactionId incoming,
      int self,
      Optional<TransactionId> active,
      boolean fromParent) {
    if (active.isEmpty()) {
      return switch (phase) {
        case PREPARE -> Reaction.ACCEPT;
        case COMMIT -> Reaction.IGNORE;
        case ABORT -> Reaction.FORWARD;
      };
    }
    TransactionId running = active.get();
    if (incoming.equals(running)) {
      return phase == Phase.PREPARE ? Reaction.DUPLICATE : Reaction.EXECUTE;
    }
    return switch (phase) {
      case ABORT -> Reaction.FORWARD;
      case COMMIT -> commit(incoming, self, running);
      case PREPARE -> prepare(incoming, self, running, fromParent);
    };
  }

  private static Reaction commit(TransactionId incoming, int self, TransactionId running) {
    boolean yields = incoming.initiator() < running.initiator() && running.initiator() == self;
    return yields || incoming.initiator() == running.initiator()
        ? Reaction.IGNORE
        : Reaction.ANSWER_RETRY;
  }

  private static Reaction prepare(
      TransactionId incoming, int self, TransactionId running, boolean fromParent) {
    if (incoming.initiator() == running.initiator()) {
      return fromParent ? Reaction.ANSWER_RETRY : Reaction.WAIT;
    }
    return incoming.initiator() < running.initiator() && running.initiator() == self
        ? Reaction.ABORT_OWN
        : Reaction.ANSWER_RETRY;
  }
}
