package io.jdrbd.disk;

import java.io.IOException;

/** A disk operation that failed, with all that a person needs to know. Has no stack trace. */
public final class DiskException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final String operation;
  private final String path;
  private final long offsetBytes;
  private final long lengthBytes;

  /**
   * @param errno what the kernel said, or what it would say
   * @param operation the failed call: {@code pread}, {@code fdatasync}, {@code open}
   * @param path the disk's path or description
   * @param offsetBytes where on the disk; 0 where it has no meaning
   * @param lengthBytes how much; 0 where it has no meaning
   */
  public DiskException(
      Errno errno, String operation, String path, long offsetBytes, long lengthBytes) {
    super(
        "%s: %s at offset %d, length %d: %s (%s)"
            .formatted(path, operation, offsetBytes, lengthBytes, errno.text(), errno.name()));
    this.errno = errno;
    this.operation = operation;
    this.path = path;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
  }

  public Errno errno() {
    return errno;
  }

  public String operation() {
    return operation;
  }

  public String path() {
    return path;
  }

  public long offsetBytes() {
    return offsetBytes;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
