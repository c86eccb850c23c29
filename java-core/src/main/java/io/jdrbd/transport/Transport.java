package io.jdrbd.transport;

/**
 * The network of one resource: its connections share the addresses that it listens on. Used on the
 * resource's loop.
 */
public interface Transport {
  /**
   * Begins to look for the peer, and goes on until it is found, {@link ConnectAttempt#stop} is
   * called or it makes no sense (spec 1.4.4). The listener is never called inside this call.
   */
  ConnectAttempt connect(ConnectPlan plan, ConnectListener listener);

  /** Stops all attempts. Links that have been handed over stay. */
  void close();
}
