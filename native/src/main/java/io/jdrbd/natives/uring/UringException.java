package io.jdrbd.natives.uring;

import java.io.IOException;

/** A system call of a ring failed. */
public final class UringException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  UringException(String call, int errno) {
    super("%s: %s (errno %d)".formatted(call, SystemCalls.errorText(errno), errno));
    this.errno = errno;
  }

  /** The kernel's error number, positive. */
  public int errno() {
    return errno;
  }

  /** Passes a result on, or throws when it is a negative error number. */
  static int check(String call, int result) throws UringException {
    if (result < 0) {
      throw new UringException(call, -result);
    }
    return result;
  }
}
