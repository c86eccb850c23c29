package io.jdrbd.state.twopc;

/** How far the comparison of data within a connect transaction has come on one side. */
public enum Handshake {
  /** The peer's state of some volume is not there yet. */
  PENDING,
  /** All volumes have a result with which the connection may be. */
  READY,
  /** Some volume wants the attempt repeated. */
  RETRY,
  /** Some volume forbids the connection. */
  DISCONNECT
}
