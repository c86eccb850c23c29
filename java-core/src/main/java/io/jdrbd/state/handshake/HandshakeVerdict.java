package io.jdrbd.state.handshake;

/**
 * What a step of the handshake came to. No packet announces a refusal: the peer sees its streams
 * end.
 *
 * @param <T> what is agreed on
 */
public sealed interface HandshakeVerdict<T> {
  /** For logs and for people. */
  String reason();

  /** The handshake goes on. */
  record Agreed<T>(T agreement, String reason) implements HandshakeVerdict<T> {}

  /** Both streams are closed and the connection is tried again: it may go better then. */
  record Retry<T>(String reason) implements HandshakeVerdict<T> {}

  /** The connection ends in StandAlone: only a changed configuration helps. */
  record Stop<T>(String reason) implements HandshakeVerdict<T> {}

  /** Goes on. */
  static <T> HandshakeVerdict<T> agreed(T agreement, String reason) {
    return new Agreed<>(agreement, reason);
  }

  /** Tries again. */
  static <T> HandshakeVerdict<T> retry(String reason) {
    return new Retry<>(reason);
  }

  /** Gives up. */
  static <T> HandshakeVerdict<T> stop(String reason) {
    return new Stop<>(reason);
  }
}
