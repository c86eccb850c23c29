package io.jdrbd.transport;

/** A connection that is being looked for. Used on the loop. */
public interface ConnectAttempt {
  /** Goes on with other paths or options. Without effect once the attempt has ended. */
  void update(ConnectPlan plan);

  /** Gives up: closes the sockets and tells the listener nothing more. May be called again. */
  void stop();
}
