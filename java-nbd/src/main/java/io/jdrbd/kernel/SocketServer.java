package io.jdrbd.kernel;

import io.jdrbd.export.Export;
import java.util.concurrent.CompletionStage;

/** What serves the near end of a socket pair: the NBD server. */
@FunctionalInterface
public interface SocketServer {

  /**
   * Begins to serve a connected socket in the protocol's transmission phase: no handshake, simple
   * replies. Called on the export's loop.
   *
   * @param fd the socket; the server closes it
   * @param export what is served
   */
  Connection serve(int fd, Export export);

  /** A socket that is served. */
  interface Connection {
    /** Done, on the loop, when the socket is closed and no request is in flight any more. */
    CompletionStage<Void> closed();

    /** Ends it: requests in flight are finished, then the socket is closed. */
    void close();
  }
}
