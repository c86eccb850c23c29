package io.jdrbd.driver.sim;

import io.jdrbd.transport.StreamKind;

/** What a hostile peer makes of the packets that its node sends. Used on the node's loop. */
interface Mischief {
  /** Does none. */
  Mischief NONE = HostileLink::say;

  /** A connection stands. */
  default void begins() {}

  /**
   * The node sends a packet, with all that belongs to it.
   *
   * @param link on which anything may be said instead
   */
  void sends(HostileLink link, StreamKind kind, byte[] packet);

  /** A moment has passed; called again and again, while the streams stand. */
  default void idle(HostileLink link) {}
}
