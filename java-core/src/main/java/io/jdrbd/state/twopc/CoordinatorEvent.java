package io.jdrbd.state.twopc;

/** What can happen to a coordinator. */
public sealed interface CoordinatorEvent {

  /** A node answered. */
  record Replied(int node, Answer answer, Masks masks) implements CoordinatorEvent {}

  /** The connection to a node was lost. */
  record Lost(int node) implements CoordinatorEvent {}

  /** The prepare could not be sent to the target. */
  record TargetUnreachable() implements CoordinatorEvent {}

  /** The own side of a connect came further. */
  record HandshakeCame(Handshake handshake) implements CoordinatorEvent {}

  /** The new size is computed; 0 if nothing changes. */
  record SizeDecided(long sectors) implements CoordinatorEvent {}

  /** A transaction of a lower node takes precedence. */
  record Yield() implements CoordinatorEvent {}

  /** twopc-timeout is over. */
  record TimedOut() implements CoordinatorEvent {}
}
