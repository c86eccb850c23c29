package io.jdrbd.kernel;

import io.jdrbd.export.Export;
import io.jdrbd.kernel.libc.Fd;
import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.libc.SystemCalls;
import io.jdrbd.nbd.server.NbdServer;
import java.util.ArrayList;
import java.util.List;

/**
 * Socket pairs whose near ends are served already and whose far ends wait to be given to the
 * kernel. The kernel takes references of its own: the far ends must be closed in any case, and a
 * near end whose far end the kernel did not take then sees the end of its connection.
 *
 * @param connections the near ends
 * @param farEnds for the kernel
 */
record SocketBatch(List<NearEnd> connections, List<Fd> farEnds) implements AutoCloseable {

  /** So that the largest request of the kernel, and a few small ones, fit without a wait. */
  private static final int SEND_BUFFER_BYTES = 4 * 1024 * 1024;

  private static final System.Logger LOG = System.getLogger(SocketBatch.class.getName());

  static SocketBatch open(int count, NbdServer server, Export export) throws KernelException {
    SocketBatch batch = new SocketBatch(new ArrayList<>(), new ArrayList<>());
    try {
      for (int i = 0; i < count; i++) {
        SystemCalls.SocketPair pair = SystemCalls.socketPair();
        enlarge(pair);
        batch.farEnds.add(pair.kernels());
        batch.connections.add(NearEnd.serve(server, pair.ours(), export));
      }
      return batch;
    } catch (KernelException e) {
      batch.close();
      throw e;
    }
  }

  List<Integer> farFds() {
    return farEnds.stream().map(Fd::number).toList();
  }

  /** Closes the far ends. */
  @Override
  public void close() {
    farEnds.forEach(Fd::close);
  }

  private static void enlarge(SystemCalls.SocketPair pair) {
    try {
      SystemCalls.forceSendBuffer(pair.ours(), SEND_BUFFER_BYTES);
      SystemCalls.forceSendBuffer(pair.kernels(), SEND_BUFFER_BYTES);
    } catch (KernelException e) {
      LOG.log(
          System.Logger.Level.DEBUG, "socket pairs keep their small buffers: {0}", e.getMessage());
    }
  }
}
