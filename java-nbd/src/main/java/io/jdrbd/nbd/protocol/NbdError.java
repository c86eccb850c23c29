package io.jdrbd.nbd.protocol;

import io.jdrbd.disk.Errno;

/** The error numbers that the protocol allows in a reply. */
public enum NbdError implements WireNumber {
  /** No error. */
  NONE(0),
  EPERM(1),
  EIO(5),
  ENOMEM(12),
  EINVAL(22),
  ENOSPC(28),
  EOVERFLOW(75),
  ENOTSUP(95),
  ESHUTDOWN(108);

  private final int number;

  NbdError(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** How a disk's error is told to a client: those that the protocol does not know as EIO. */
  public static NbdError of(Errno errno) {
    return switch (errno) {
      case EPERM, EACCES, EROFS -> EPERM;
      case ENOMEM -> ENOMEM;
      case EINVAL, ENOTTY, EISDIR -> EINVAL;
      case ENOSPC, EDQUOT, EFBIG -> ENOSPC;
      case EOVERFLOW -> EOVERFLOW;
      case EOPNOTSUPP, ENOSYS -> ENOTSUP;
      case ESHUTDOWN -> ESHUTDOWN;
      default -> EIO;
    };
  }
}
