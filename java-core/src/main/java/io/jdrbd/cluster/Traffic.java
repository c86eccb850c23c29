package io.jdrbd.cluster;

/** How much data one volume has exchanged with one peer, resync included. Used on the loop. */
public final class Traffic {
  private long sentBytes;
  private long receivedBytes;

  Traffic() {}

  /** Payload was handed over to the connection. */
  void sent(int bytes) {
    sentBytes += bytes;
  }

  /** Payload has arrived. */
  void received(int bytes) {
    receivedBytes += bytes;
  }

  /** Payload sent since the peer was configured. */
  public long sentBytes() {
    return sentBytes;
  }

  /** Payload received since the peer was configured. */
  public long receivedBytes() {
    return receivedBytes;
  }
}
