package io.jdrbd.kernel.libc;

import java.io.IOException;

/** The kernel said no, or did not answer in time. The message says to what, and what would help. */
public final class KernelException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The errno of a failure that is not the kernel's own answer. */
  public static final int NO_ERRNO = 0;

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EBUSY = 16;
  public static final int EINVAL = 22;
  public static final int ENOBUFS = 105;
  public static final int ETIMEDOUT = 110;

  private final int errno;

  /**
   * @param errno the kernel's number, or {@link #NO_ERRNO}
   * @param message what failed, with which value, and what would be right
   */
  public KernelException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** As the other constructor, for a failure that another one caused. */
  public KernelException(int errno, String message, Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /** The kernel's error number, or {@link #NO_ERRNO}. */
  public int errno() {
    return errno;
  }
}
