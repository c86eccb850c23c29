package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.TransportOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses that a resource listens on: one listener for all paths with the same local address,
 * as long as one of them waits (spec 1.4.2). Whose call it is, the source address says.
 */
final class Listeners {
  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  /** So many sockets of one path may owe their first packet. */
  private static final int UNKNOWN_MAX = 8;

  /** Gets a socket whose first packet has come. */
  @FunctionalInterface
  interface Arrivals {
    void arrived(PeerSocket socket, StreamKind kind, PathAddresses path);
  }

  private final String resource;
  private final Loop loop;
  private final SocketLayer layer;
  private final Map<InetSocketAddress, Shared> byAddress = new HashMap<>();

  Listeners(String resource, Loop loop, SocketLayer layer) {
    this.resource = resource;
    this.loop = loop;
    this.layer = layer;
  }

  /**
   * Begins to listen for a path's peer.
   *
   * @return what to close when no more calls are expected
   * @throws ListenException the path's local address cannot be listened on
   */
  SocketLayer.Listening listen(PathAddresses path, TransportOptions options, Arrivals arrivals)
      throws ListenException {
    Shared shared = byAddress.get(path.local());
    if (shared == null) {
      Shared added = new Shared();
      added.listening = layer.listen(path.local(), options, added::accepted);
      byAddress.put(path.local(), added);
      shared = added;
    }
    Waiter waiter = new Waiter(path, options, arrivals);
    Shared joined = shared;
    joined.waiters.add(waiter);
    return () -> leave(joined, waiter);
  }

  private void leave(Shared shared, Waiter waiter) {
    if (!shared.waiters.remove(waiter)) {
      return;
    }
    waiter.unknown.forEach(PeerSocket::close);
    waiter.unknown.clear();
    if (shared.waiters.isEmpty()) {
      byAddress.remove(waiter.path.local());
      shared.listening.close();
    }
  }

  /** One listener, and who waits for calls on it. */
  private final class Shared {
    private final List<Waiter> waiters = new ArrayList<>();
    private SocketLayer.Listening listening = () -> {};

    void accepted(PeerSocket socket) {
      Optional<Waiter> expected =
          waiters.stream()
              .filter(waiter -> waiter.path.isFromPeer(socket.remoteAddress()))
              .findFirst();
      if (expected.isPresent()) {
        expected.get().ask(socket);
      } else {
        LOG.log(
            Level.DEBUG,
            () ->
                "%s: unexpected connection from %s"
                    .formatted(resource, socket.remoteAddress().getHostAddress()));
        socket.close();
      }
    }
  }

  /** A path whose peer may call. */
  private final class Waiter {
    private final PathAddresses path;
    private final TransportOptions options;
    private final Arrivals arrivals;
    private final Set<PeerSocket> unknown = new LinkedHashSet<>();

    Waiter(PathAddresses path, TransportOptions options, Arrivals arrivals) {
      this.path = path;
      this.options = options;
      this.arrivals = arrivals;
    }

    void ask(PeerSocket socket) {
      if (unknown.size() >= UNKNOWN_MAX) {
        socket.close();
        return;
      }
      unknown.add(socket);
      FirstPacket.await(
          loop, socket, options.firstPacketTimeoutNs(), kind -> answered(socket, kind));
    }

    private void answered(PeerSocket socket, Optional<StreamKind> kind) {
      if (!unknown.remove(socket)) {
        return;
      }
      if (kind.isPresent()) {
        arrivals.arrived(socket, kind.get(), path);
      } else {
        LOG.log(
            Level.DEBUG,
            () -> "%s: %s: no valid first packet from the peer".formatted(resource, path));
        socket.close();
      }
    }
  }
}
