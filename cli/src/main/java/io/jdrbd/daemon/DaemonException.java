package io.jdrbd.daemon;

/** The daemon cannot run; the message says why and what would help. */
public final class DaemonException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong
   * @param cause what it comes from
   */
  public DaemonException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param message what is wrong
   */
  public DaemonException(String message) {
    super(message);
  }
}
