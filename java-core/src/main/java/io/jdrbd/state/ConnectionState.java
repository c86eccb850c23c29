package io.jdrbd.state;

/**
 * How far a connection has come (spec 1.2; the numbers are those of the wire).
 *
 * <pre>
 *   StandAlone ── connect ──► Unconnected ──► Connecting ──► Connected
 *       ▲                          ▲              │              │
 *       │                          └── a reason ◄─┴──────────────┤
 *       └──────────── Disconnecting ◄── disconnect, refusal ─────┘
 * </pre>
 */
public enum ConnectionState {
  /** No network activity; left by the command {@code connect} only. */
  STANDALONE(0, "StandAlone"),
  /** On the way to StandAlone. */
  DISCONNECTING(1, "Disconnecting"),
  /** Between two attempts; goes to Connecting. */
  UNCONNECTED(2, "Unconnected"),
  /** Reason: the peer did not answer requests; goes to Unconnected. */
  TIMEOUT(3, "Timeout"),
  /** Reason: the data stream was closed or reset; goes to Unconnected. */
  BROKEN_PIPE(4, "BrokenPipe"),
  /** Reason: the control stream was closed, or no ping was answered; goes to Unconnected. */
  NETWORK_FAILURE(5, "NetworkFailure"),
  /** Reason: a packet that was not expected or not well-formed; goes to Unconnected. */
  PROTOCOL_ERROR(6, "ProtocolError"),
  /** Reason: the peer disconnects gracefully; goes to Unconnected. */
  TEAR_DOWN(7, "TearDown"),
  /** Looking for the peer, and the handshake; goes to Connected. */
  CONNECTING(8, "Connecting"),
  /** Both streams stand and both nodes have agreed; left for a reason or Disconnecting. */
  CONNECTED(9, "Connected");

  private final int number;
  private final String word;

  ConnectionState(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }

  /** Whether it says why a connection was lost: the first such reason stays. */
  public boolean isReason() {
    return number >= TIMEOUT.number && number <= TEAR_DOWN.number;
  }

  /** Whether this state is further than the other. */
  public boolean isAbove(ConnectionState other) {
    return number > other.number;
  }

  /** Whether the other state is further than this one. */
  public boolean isBelow(ConnectionState other) {
    return number < other.number;
  }

  /** Whether it is that state or a further one. */
  public boolean isAtLeast(ConnectionState other) {
    return number >= other.number;
  }
}
