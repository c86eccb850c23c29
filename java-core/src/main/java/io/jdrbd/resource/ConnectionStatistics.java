package io.jdrbd.resource;

/**
 * Counters of a connection.
 *
 * @param congested whether its send queue is full
 * @param applicationInFlightSectors written by applications and on the way to the peer
 * @param resyncInFlightSectors of resync requests on the way
 */
public record ConnectionStatistics(
    boolean congested, long applicationInFlightSectors, long resyncInFlightSectors) {

  private static final ConnectionStatistics NONE = new ConnectionStatistics(false, 0, 0);

  /** All zero. */
  public static ConnectionStatistics none() {
    return NONE;
  }
}
