package io.jdrbd.transport;

/**
 * Is told how an attempt to connect goes, on the loop. Either {@link #connected} or {@link #failed}
 * is the last call; after {@link ConnectAttempt#stop} there is none.
 */
public interface ConnectListener {
  /** Both streams stand. Nothing is read from them until {@link PeerStream#open} is called. */
  void connected(PeerLink link);

  /**
   * The attempt goes on; this is what it is waiting for, in words, with addresses and causes. Said
   * again only when it has changed.
   */
  void waiting(String why);

  /**
   * It makes no sense to go on, the connection becomes StandAlone: a port that is in use, for
   * example.
   *
   * @param reason with the address and the cause
   */
  void failed(String reason);
}
