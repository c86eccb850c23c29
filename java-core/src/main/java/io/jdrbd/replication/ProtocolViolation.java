package io.jdrbd.replication;

/**
 * The peer has sent something that makes no sense at this moment; the connection has to be dropped.
 * Has no stack trace: it says something about the peer.
 */
public final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what came, and what would have been right
   */
  public ProtocolViolation(String message) {
    super(message, null, false, false);
  }
}
