package io.jdrbd.replication;

/**
 * What one write has come to at one peer: a set of flags, and how events change it (spec 2.12). A
 * write without any flag at a peer was never meant for it.
 */
final class Copy {
  /** An ack is awaited; the application waits for it. */
  static final int AWAITED = 1;

  /** The transport still needs the buffer; the application waits for that. */
  static final int QUEUED = 2;

  /** The transport has it. */
  static final int HANDED_OVER = 4;

  /** The peer has it, by the rule of its protocol. */
  static final int OK = 8;

  /** The peer took its mark away. */
  static final int PEER_IN_SYNC = 16;

  /** Nothing more will come: durable at the peer, or given up. */
  static final int DONE = 32;

  /** What may happen to a copy. */
  enum Event {
    /** The peer shall get it. */
    ADMITTED,
    /** Protocol A: all of it lies in the socket's buffer. */
    HANDED_OVER_IS_ENOUGH,
    /** All of it lies in the socket's buffer. */
    HANDED_OVER,
    /** The transport gave it up and does not need the buffer any more. */
    SEND_CANCELLED,
    /** P_RECV_ACK or P_WRITE_ACK. */
    ACK,
    /** A write ack that says that the peer took its mark away. */
    ACK_IN_SYNC,
    /** P_NEG_ACK. */
    NEG_ACK,
    /** P_BARRIER_ACK of its epoch, or P_CONFIRM_STABLE. */
    DURABLE,
    /** The connection is lost. */
    LOST
  }

  private Copy() {}

  /** The flags after an event. */
  static int after(int flags, Event event) {
    return switch (event) {
      case ADMITTED -> AWAITED | QUEUED;
      case HANDED_OVER_IS_ENOUGH ->
          (flags & AWAITED) == 0 ? handedOver(flags) : (handedOver(flags) & ~AWAITED) | OK;
      case HANDED_OVER -> handedOver(flags);
      case SEND_CANCELLED -> flags & ~QUEUED;
      case ACK -> (flags & ~AWAITED) | OK;
      case ACK_IN_SYNC -> (flags & ~AWAITED) | OK | PEER_IN_SYNC;
      case NEG_ACK -> flags & ~(AWAITED | OK);
      case DURABLE -> (flags & AWAITED) == 0 ? flags | DONE : (flags & ~AWAITED) | OK | DONE;
      case LOST -> (flags & DONE) != 0 ? flags : (flags & ~(AWAITED | OK)) | DONE;
    };
  }

  private static int handedOver(int flags) {
    return (flags & ~QUEUED) | HANDED_OVER;
  }

  /** Whether the application has to wait for this copy. */
  static boolean blocksCompletion(int flags) {
    return (flags & (AWAITED | QUEUED)) != 0;
  }

  /** Whether nothing more will come from the peer, and the buffer is free. */
  static boolean isSettled(int flags) {
    return flags == 0 || (flags & (DONE | QUEUED)) == DONE;
  }

  /** Whether the peer owes an ack. */
  static boolean isAwaited(int flags) {
    return (flags & AWAITED) != 0;
  }

  static boolean isOk(int flags) {
    return (flags & OK) != 0;
  }

  static boolean isInSync(int flags) {
    return (flags & (OK | PEER_IN_SYNC)) == (OK | PEER_IN_SYNC);
  }

  static boolean isDone(int flags) {
    return (flags & DONE) != 0;
  }
}
