package io.jdrbd.transport;

import java.util.concurrent.TimeUnit;

/**
 * The net options that a transport uses, in the units of drbd.conf (spec 1.4.10).
 *
 * @param connectIntS pause between attempts to connect, and how long one may take; seconds, 1 to
 *     120
 * @param pingTimeoutDs tenths of a second, 1 to 300; an accepted socket has four times as long for
 *     its first packet
 * @param socketCheckTimeoutDs how long both sockets stand before they are looked at; tenths of a
 *     second, 0 to 300; 0 means as long as the ping timeout
 * @param sndbufBytes size of the sockets' send buffers, 0 to 128 MiB; 0 leaves it to the kernel
 * @param rcvbufBytes size of the sockets' receive buffers, 0 to 128 MiB; 0 leaves it to the kernel
 * @param tcpCork packets that are sent in one turn of the loop leave together; without it each
 *     leaves at once
 * @param sendQueueBytes how much may wait for a socket before a stream is called full, at least 1
 */
public record TransportOptions(
    int connectIntS,
    int pingTimeoutDs,
    int socketCheckTimeoutDs,
    int sndbufBytes,
    int rcvbufBytes,
    boolean tcpCork,
    int sendQueueBytes) {

  /** What drbd.conf means where it says nothing. */
  public static final TransportOptions DEFAULT =
      new TransportOptions(10, 5, 0, 0, 0, true, 4 << 20);

  private static final int SOCKET_BUFFER_BYTES_MAX = 128 << 20;
  private static final int FIRST_PACKET_PING_TIMEOUTS = 4;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException one is out of its range
   */
  public TransportOptions {
    check("connect-int", connectIntS, 1, 120);
    check("ping-timeout", pingTimeoutDs, 1, 300);
    check("socket-check-timeout", socketCheckTimeoutDs, 0, 300);
    check("sndbuf-size", sndbufBytes, 0, SOCKET_BUFFER_BYTES_MAX);
    check("rcvbuf-size", rcvbufBytes, 0, SOCKET_BUFFER_BYTES_MAX);
    check("send queue", sendQueueBytes, 1, Integer.MAX_VALUE);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d: must be from %d to %d".formatted(name, value, min, max));
    }
  }

  /** {@code connect-int} in nanoseconds. */
  public long connectIntNs() {
    return TimeUnit.SECONDS.toNanos(connectIntS);
  }

  /** How long an accepted socket may take for its first packet, in nanoseconds. */
  public long firstPacketTimeoutNs() {
    return FIRST_PACKET_PING_TIMEOUTS * tenthsToNs(pingTimeoutDs);
  }

  /** How long both sockets stand before they are looked at, in nanoseconds. */
  public long socketCheckNs() {
    return tenthsToNs(socketCheckTimeoutDs == 0 ? pingTimeoutDs : socketCheckTimeoutDs);
  }

  private static long tenthsToNs(int tenths) {
    return TimeUnit.MILLISECONDS.toNanos(100L * tenths);
  }
}
