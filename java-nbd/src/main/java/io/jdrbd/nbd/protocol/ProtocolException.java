package io.jdrbd.nbd.protocol;

/**
 * Bytes after which a connection cannot go on; the message says what came and what was expected.
 */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
