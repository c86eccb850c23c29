package io.jdrbd.natives.uring;

/** The system calls in C. Each answers what the kernel answers, or a negative error number. */
final class SystemCalls {
  private SystemCalls() {}

  /** io_uring_setup(2). */
  static native int setup(int entries, long paramsAddress);

  /** io_uring_enter(2) without a signal mask. */
  static native int enter(int fd, int toSubmit, int minComplete, int flags);

  /** io_uring_register(2). */
  static native int register(int fd, int opcode, long argument, int count);

  /** mmap(2), shared, for reading and writing. */
  static native long map(int fd, long lengthBytes, long offset);

  /** munmap(2). */
  static native int unmap(long address, long lengthBytes);

  /** close(2). */
  static native int close(int fd);

  /** strerror(3) of a positive error number. */
  static native String errorText(int errno);
}
