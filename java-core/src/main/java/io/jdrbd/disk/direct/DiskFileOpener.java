package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The steps from a path to a claimed {@link DiskFile}. */
final class DiskFileOpener {
  private static final Logger LOG = System.getLogger(DiskFile.class.getName());

  /** {@code struct flock}: type and whence, then start, length (0: to the end) and pid. */
  private static final int FLOCK_BYTES = 32;

  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;

  private DiskFileOpener() {}

  /**
   * @param exclusive whether nobody else may use it meanwhile
   */
  static DiskFile open(String path, boolean readOnly, boolean exclusive) throws DiskException {
    return switch (FileStatus.of(path).kind()) {
      case BLOCK_DEVICE -> openBlockDevice(path, readOnly, exclusive);
      case REGULAR_FILE -> openRegularFile(path, readOnly, exclusive);
      case OTHER ->
          throw DiskException.ofWhole(
              Errno.EINVAL, "open", path, "neither a block device nor a regular file");
    };
  }

  private static DiskFile openBlockDevice(String path, boolean readOnly, boolean exclusive)
      throws DiskException {
    int fd = open(path, flags(readOnly) | (exclusive ? Libc.O_EXCL : 0) | Libc.O_DIRECT);
    try {
      FileStatus status = expect(FileStatus.Kind.BLOCK_DEVICE, fd, path);
      return new DiskFile(fd, path, readOnly, true, new BlockBacking(fd, path, status));
    } catch (DiskException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private static DiskFile openRegularFile(String path, boolean readOnly, boolean exclusive)
      throws DiskException {
    int fd = openDirect(path, readOnly);
    int alignment = fd < 0 ? DirectAlignment.REFUSED : alignment(fd, path);
    boolean direct = alignment != DirectAlignment.REFUSED;
    if (!direct) {
      LOG.log(
          Level.WARNING,
          "{0}: no O_DIRECT on this file system, so writes go through the page cache",
          path);
      if (fd >= 0) {
        Libc.close(fd);
      }
      fd = open(path, flags(readOnly));
    }
    try {
      if (exclusive) {
        lock(fd, path, readOnly);
      }
      return opened(fd, path, readOnly, direct, direct ? alignment : 1);
    } catch (DiskException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  /** Answers -1 where the file system refuses O_DIRECT. */
  private static int openDirect(String path, boolean readOnly) throws DiskException {
    int fd = Libc.open(path, flags(readOnly) | Libc.O_DIRECT);
    return fd < 0 && Libc.lastErrno() != Errno.EINVAL ? openFailed(path) : fd;
  }

  private static int alignment(int fd, String path) throws DiskException {
    try {
      return DirectAlignment.of(fd, FileStatus.of(fd, path));
    } catch (DiskException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private static DiskFile opened(
      int fd, String path, boolean readOnly, boolean direct, int alignment) throws DiskException {
    FileStatus status = expect(FileStatus.Kind.REGULAR_FILE, fd, path);
    long unused = status.sizeBytes() % alignment;
    if (unused != 0) {
      LOG.log(
          Level.WARNING,
          "{0}: the last {1} bytes are not used, as O_DIRECT needs multiples of {2} here",
          path,
          Long.toString(unused),
          Integer.toString(alignment));
    }
    return new DiskFile(
        fd, path, readOnly, direct, new FileBacking(fd, path, alignment, status, readOnly));
  }

  /** Guards against a path that came to name something else between looking and opening. */
  private static FileStatus expect(FileStatus.Kind kind, int fd, String path) throws DiskException {
    FileStatus status = FileStatus.of(fd, path);
    if (status.kind() != kind) {
      throw DiskException.ofWhole(Errno.EAGAIN, "open", path, "it was replaced just now");
    }
    return status;
  }

  /**
   * Locks the whole file for this open file, so that a second daemon, and qemu, keep off. The
   * kernel gives the lock up when the file is closed, however the process ends.
   */
  private static void lock(int fd, String path, boolean readOnly) throws DiskException {
    try (Memory range = new Memory(FLOCK_BYTES)) {
      range.clear();
      range.setShort(0, readOnly ? F_RDLCK : F_WRLCK);
      if (Libc.fcntl(fd, Libc.F_OFD_SETLK, range) == 0) {
        return;
      }
    }
    Errno errno = Libc.lastErrno();
    throw errno == Errno.EAGAIN || errno == Errno.EACCES
        ? DiskException.ofWhole(Errno.EBUSY, "lock", path, "another program uses this file")
        : DiskException.ofWhole(errno, "lock", path, "it must be locked to be safe from others");
  }

  private static int open(String path, int flags) throws DiskException {
    int fd = Libc.open(path, flags);
    return fd < 0 ? openFailed(path) : fd;
  }

  private static int openFailed(String path) throws DiskException {
    Errno errno = Libc.lastErrno();
    throw DiskException.ofWhole(
        errno,
        "open",
        path,
        errno == Errno.EBUSY
            ? "it is mounted, part of another device (RAID, volume group), or used by another"
                + " program"
            : "");
  }

  private static int flags(boolean readOnly) {
    return (readOnly ? Libc.O_RDONLY : Libc.O_RDWR) | Libc.O_CLOEXEC;
  }
}
