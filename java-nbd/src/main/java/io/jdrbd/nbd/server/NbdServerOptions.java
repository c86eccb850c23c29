package io.jdrbd.nbd.server;

import java.util.concurrent.TimeUnit;

/**
 * The limits of a server. All of them are there so that a client, however it behaves, costs a
 * bounded amount of memory.
 *
 * @param maxConnections how many clients may be connected; more are hung up on, at least 1
 * @param maxRequests how many requests of one connection are worked on at a time, at least 1
 * @param maxHeldBytes how much payload of one connection may wait for the disk; reached, the
 *     connection is not read from until some is done
 * @param maxUnsentBytes how many bytes of replies may wait for a client to take them; reached, the
 *     connection is not read from until it has taken half
 * @param handshakeTimeoutNs how long a client may take until it has chosen an export; 0 for ever
 * @param stalledTimeoutNs after how long a client that takes none of its waiting replies is hung up
 *     on; 0 for never
 */
public record NbdServerOptions(
    int maxConnections,
    int maxRequests,
    int maxHeldBytes,
    int maxUnsentBytes,
    long handshakeTimeoutNs,
    long stalledTimeoutNs) {

  /** 256 connections, 128 requests, 16 MiB held, 4 MiB unsent, 15 s and 120 s. */
  public static final NbdServerOptions DEFAULT =
      new NbdServerOptions(
          256, 128, 16 << 20, 4 << 20, TimeUnit.SECONDS.toNanos(15), TimeUnit.SECONDS.toNanos(120));

  public NbdServerOptions {
    requireAtLeast("maxConnections", maxConnections, 1);
    requireAtLeast("maxRequests", maxRequests, 1);
    requireAtLeast("maxHeldBytes", maxHeldBytes, 1);
    requireAtLeast("maxUnsentBytes", maxUnsentBytes, 1);
    requireAtLeast("handshakeTimeoutNs", handshakeTimeoutNs, 0);
    requireAtLeast("stalledTimeoutNs", stalledTimeoutNs, 0);
  }

  /** The same with another limit on connections. */
  public NbdServerOptions withMaxConnections(int connections) {
    return new NbdServerOptions(
        connections,
        maxRequests,
        maxHeldBytes,
        maxUnsentBytes,
        handshakeTimeoutNs,
        stalledTimeoutNs);
  }

  /** The same with another limit on requests per connection. */
  public NbdServerOptions withMaxRequests(int requests) {
    return new NbdServerOptions(
        maxConnections,
        requests,
        maxHeldBytes,
        maxUnsentBytes,
        handshakeTimeoutNs,
        stalledTimeoutNs);
  }

  /** The same with other time limits. */
  public NbdServerOptions withTimeouts(long handshakeNs, long stalledNs) {
    return new NbdServerOptions(
        maxConnections, maxRequests, maxHeldBytes, maxUnsentBytes, handshakeNs, stalledNs);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %d: must be at least %d".formatted(name, value, least));
    }
  }
}
