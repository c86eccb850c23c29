package io.jdrbd.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * The two ends of a path.
 *
 * @param local where this node listens; its IP address is also what it dials from
 * @param peer where the peer listens
 */
public record PathAddresses(InetSocketAddress local, InetSocketAddress peer) {

  /**
   * Checks the pair.
   *
   * @throws IllegalArgumentException one is not resolved, or they are of different families
   */
  public PathAddresses {
    if (local.isUnresolved() || peer.isUnresolved()) {
      throw new IllegalArgumentException(
          "path %s -> %s: both must be IP addresses with a port".formatted(local, peer));
    }
    if (local.getAddress().getAddress().length != peer.getAddress().getAddress().length) {
      throw new IllegalArgumentException(
          "path %s -> %s: one is IPv4, the other IPv6".formatted(local, peer));
    }
  }

  /**
   * Whether this node's address compares greater than the peer's, as DRBD compares them: port, then
   * IP address, then for IPv6 the scope, byte by byte as it lies in memory (spec 1.4.4). Both nodes
   * come to opposite answers.
   */
  public boolean localIsGreater() {
    int byPort = Integer.compare(local.getPort(), peer.getPort());
    if (byPort != 0) {
      return byPort > 0;
    }
    int byAddress =
        Arrays.compareUnsigned(local.getAddress().getAddress(), peer.getAddress().getAddress());
    return byAddress != 0
        ? byAddress > 0
        : Integer.compareUnsigned(
                Integer.reverseBytes(scope(local.getAddress())),
                Integer.reverseBytes(scope(peer.getAddress())))
            > 0;
  }

  /** Whether a connection that comes from this address is the peer's: its port does not matter. */
  public boolean isFromPeer(InetAddress source) {
    InetAddress expected = peer.getAddress();
    return expected.equals(source)
        && (!expected.isLinkLocalAddress() || scope(expected) == scope(source));
  }

  private static int scope(InetAddress address) {
    return address instanceof Inet6Address v6 ? v6.getScopeId() : 0;
  }

  /** An address for people: {@code 10.1.1.31:7789} or {@code [fe80::1%2]:7789}. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address
        ? "[%s]:%d".formatted(host, address.getPort())
        : "%s:%d".formatted(host, address.getPort());
  }

  @Override
  public String toString() {
    return text(local) + " -> " + text(peer);
  }
}
