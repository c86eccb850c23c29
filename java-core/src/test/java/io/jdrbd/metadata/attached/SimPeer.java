package io.jdrbd.metadata.attached;

import java.util.HashMap;
import java.util.Map;

/** A peer as far as the bitmap is concerned: what it holds, and whether it can be reached. */
final class SimPeer {
  private final int slot;
  private final Map<Long, Integer> content = new HashMap<>();
  private boolean connected = true;

  /** Grows with each connection, so that answers from an earlier one do not count. */
  private int connection;

  SimPeer(int slot) {
    this.slot = slot;
  }

  int slot() {
    return slot;
  }

  /** Block to version; a block that is not there has version 0. */
  Map<Long, Integer> content() {
    return content;
  }

  boolean isConnected() {
    return connected;
  }

  int connection() {
    return connection;
  }

  void toggle() {
    connected = !connected;
    connection++;
  }

  void nodeRestarted() {
    connection++;
  }
}
