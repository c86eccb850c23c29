package io.jdrbd.kernel;

import io.jdrbd.export.Export;
import io.jdrbd.kernel.libc.Fd;
import io.jdrbd.nbd.server.NbdServer;
import io.jdrbd.nbd.server.ServedSocket;
import java.util.concurrent.CompletionStage;

/**
 * Our end of a connection to the kernel, from the moment the server is asked to serve it.
 *
 * @param served the server's answer
 */
record NearEnd(CompletionStage<ServedSocket> served) {

  /** Lets the server serve a socket. */
  static NearEnd serve(NbdServer server, Fd socket, Export export) {
    Export.Access access = export.readOnly() ? Export.Access.READ_ONLY : Export.Access.READ_WRITE;
    return new NearEnd(server.serve(socket.handOver(), export, access, "kernel"));
  }

  /**
   * Done when the socket is closed and nothing that came through it is in flight; failed if it was
   * never served, which is an end as well.
   */
  CompletionStage<Void> closed() {
    return served.thenCompose(ServedSocket::ended);
  }

  /** Ends it: requests in flight are finished, then the socket is closed. */
  void close() {
    var _ = served.thenAccept(ServedSocket::close);
  }
}
