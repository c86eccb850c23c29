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
   * An operation on a range of the disk.
   *
   * @param errno what the kernel said, or what it would say
   * @param operation the failed call: {@code pread}, {@code fdatasync}, {@code open}
   * @param path the disk's path or description
   * @param offsetBytes where on the disk; 0 where it has no meaning
   * @param lengthBytes how much; 0 where it has no meaning
   */
  public DiskException(
      Errno errno, String operation, String path, long offsetBytes, long lengthBytes) {
    this(errno, operation, path, offsetBytes, lengthBytes, "");
  }

  /**
   * An operation on a range of the disk, with a reason.
   *
   * @param reason why, beyond what errno says, or what would be right; may be empty
   */
  public DiskException(
      Errno errno,
      String operation,
      String path,
      long offsetBytes,
      long lengthBytes,
      String reason) {
    this(
        errno,
        operation,
        path,
        offsetBytes,
        lengthBytes,
        " at offset " + offsetBytes + ", length " + lengthBytes,
        reason);
  }

  private DiskException(
      Errno errno,
      String operation,
      String path,
      long offsetBytes,
      long lengthBytes,
      String where,
      String reason) {
    super(
        "%s: %s%s: %s (%s)%s"
            .formatted(
                path,
                operation,
                where,
                errno.text(),
                errno.name(),
                reason.isEmpty() ? "" : ": " + reason));
    this.errno = errno;
    this.operation = operation;
    this.path = path;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
  }

  /**
   * An operation on the disk as a whole, such as opening it.
   *
   * @param reason why, beyond what errno says, or what would be right; may be empty
   */
  public static DiskException ofWhole(Errno errno, String operation, String path, String reason) {
    return new DiskException(errno, operation, path, 0, 0, "", reason);
  }

  /** A request that failed, with the range of the request. */
  public static DiskException of(Errno errno, DiskRequest request, String path, String reason) {
    return new DiskException(
        errno, request.op().text(), path, request.offsetBytes(), request.lengthBytes(), reason);
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
