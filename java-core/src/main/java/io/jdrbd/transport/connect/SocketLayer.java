package io.jdrbd.transport.connect;

import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Where sockets come from. Used on the loop; answers arrive on it, never inside the call. */
public interface SocketLayer {
  /**
   * Listens on an address.
   *
   * @param accepted gets each connection that comes, and owns it
   * @throws ListenException the address is not there, is in use, or what else is wrong
   */
  Listening listen(InetSocketAddress local, TransportOptions options, Consumer<PeerSocket> accepted)
      throws ListenException;

  /**
   * Dials the peer from the path's local IP address; takes at most {@code connect-int}.
   *
   * @param result hears how it ended, unless it is abandoned before
   */
  Dialling dial(PathAddresses path, TransportOptions options, DialResult result);

  /** An address that is listened on. */
  @FunctionalInterface
  interface Listening {
    /** Frees the address; what was not accepted is reset. */
    void close();
  }

  /** A call that is not answered yet. */
  @FunctionalInterface
  interface Dialling {
    /** Gives up; the result hears nothing. Without effect once it has ended. */
    void abandon();
  }

  /** Hears how a call ended. */
  interface DialResult {
    void dialled(PeerSocket socket);

    void dialFailed(DialFailure failure);
  }
}
