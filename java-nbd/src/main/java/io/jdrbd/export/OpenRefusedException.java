package io.jdrbd.export;

import io.jdrbd.disk.Errno;

/** An export that may not be opened now; the message says why and what would help. */
public final class OpenRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /**
   * @param errno what an application that opened the device would see
   * @param message the reason
   */
  public OpenRefusedException(Errno errno, String message) {
    super(message);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
