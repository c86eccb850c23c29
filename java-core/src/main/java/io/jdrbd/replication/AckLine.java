package io.jdrbd.replication;

/**
 * The way of this node's answers to a peer's writes, as long as one connection stands. Identifiers
 * are the peer's own and go back as they came (spec 2.4.3, 2.6).
 */
public interface AckLine {
  /** What an ack says. */
  enum Kind {
    /** All of it has arrived (protocol B). */
    RECEIVED,
    /** It is on the disk. */
    WRITTEN,
    /** It is on the disk, and this node took its marks away. */
    WRITTEN_IN_SYNC,
    /** It could not be written. */
    FAILED
  }

  /** Answers one write. */
  void ack(Kind kind, int volume, long id, long offsetBytes, long lengthBytes);

  /**
   * Promises that all writes of an epoch are durable.
   *
   * @param barrier as it came in P_BARRIER
   * @param writes how many writes the epoch had
   */
  void barrierAck(int barrier, int writes);
}
