package io.jdrbd.cluster;

import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.Transport;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Finds the peer when a script says so. */
final class RecordedTransport implements Transport {
  private static final int LOOKS_MAX = 200;
  private static final int LOOK_MS = 100;

  private final BlockingQueue<ConnectListener> looking = new LinkedBlockingQueue<>();

  /**
   * Waits until the node looks for its peer. Not on the loop.
   *
   * @param connect tells it to, if nobody has
   */
  ConnectListener awaitAttempt(Runnable connect) throws InterruptedException {
    for (int look = 0; look < LOOKS_MAX; look++) {
      connect.run();
      ConnectListener listener = looking.poll(LOOK_MS, TimeUnit.MILLISECONDS);
      if (listener != null) {
        return listener;
      }
    }
    throw new AssertionError("the node does not look for its peer");
  }

  @Override
  public ConnectAttempt connect(ConnectPlan plan, ConnectListener listener) {
    looking.add(listener);
    return new ConnectAttempt() {
      @Override
      public void update(ConnectPlan changed) {
        // the script has no addresses
      }

      @Override
      public void stop() {
        looking.remove(listener);
      }
    };
  }

  @Override
  public void close() {
    looking.clear();
  }

  static PeerLink link(
      RecordedStream data, RecordedStream control, ConnectPlan plan, boolean wins) {
    return new PeerLink(data, control, plan.paths().getFirst(), wins);
  }
}
