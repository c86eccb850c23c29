package io.jdrbd.wire;

/**
 * Bytes that no DRBD node sends, after which a connection cannot go on. The message names the
 * packet, what came and what would be right.
 */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }

  WireException(Command command, String message) {
    super(command.name() + ": " + message);
  }

  /** Bad input is the peer's doing, so where it was noticed says nothing. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
