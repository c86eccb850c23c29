package io.jdrbd.disk.direct;

import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.Errno;
import java.util.ArrayList;
import java.util.List;

/** A regular file: holes by fallocate, extents by lseek. */
final class FileBacking implements Backing {
  private static final int PUNCH = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
  private static final int ZERO = Libc.FALLOC_FL_ZERO_RANGE | Libc.FALLOC_FL_KEEP_SIZE;

  /** One answer has at most so many extents; who asks comes again for the rest. */
  private static final int EXTENTS_MAX = 1024;

  private final int fd;
  private final String path;
  private final int logicalBlockBytes;
  private final boolean punches;

  /**
   * @param logicalBlockBytes what O_DIRECT demands; 1 without O_DIRECT
   */
  FileBacking(int fd, String path, int logicalBlockBytes, FileStatus status, boolean readOnly) {
    this.fd = fd;
    this.path = path;
    this.logicalBlockBytes = logicalBlockBytes;
    this.punches = !readOnly && canPunch(status);
  }

  /** Punches a hole behind the end, which changes nothing: can this file system do it at all? */
  private boolean canPunch(FileStatus status) {
    long behindEnd = (status.sizeBytes() / status.blockBytes() + 1) * status.blockBytes();
    return Libc.fallocate(fd, PUNCH, behindEnd, status.blockBytes()) == 0;
  }

  @Override
  public DiskGeometry geometry() throws DiskException {
    FileStatus status = FileStatus.of(fd, path);
    return new DiskGeometry(
        status.sizeBytes() - status.sizeBytes() % logicalBlockBytes,
        logicalBlockBytes,
        Math.max(logicalBlockBytes, status.blockBytes()),
        punches ? status.blockBytes() : 0,
        true,
        punches);
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) throws DiskException {
    if (punches) {
      allocate(PUNCH, offsetBytes, lengthBytes);
    }
  }

  @Override
  public boolean zeroFast(long offsetBytes, long lengthBytes, boolean mayDiscard)
      throws DiskException {
    return (mayDiscard && punches)
        ? allocate(PUNCH, offsetBytes, lengthBytes)
        : allocate(ZERO, offsetBytes, lengthBytes);
  }

  private boolean allocate(int mode, long offsetBytes, long lengthBytes) throws DiskException {
    while (Libc.fallocate(fd, mode, offsetBytes, lengthBytes) != 0) {
      Errno errno = Libc.lastErrno();
      switch (errno) {
        case EINTR -> {}
        case EOPNOTSUPP, ENOSYS -> {
          return false;
        }
        default -> throw new DiskException(errno, "fallocate", path, offsetBytes, lengthBytes);
      }
    }
    return true;
  }

  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws DiskException {
    List<Extent> extents = new ArrayList<>();
    long end = offsetBytes + lengthBytes;
    long position = offsetBytes;
    while (position < end && extents.size() < EXTENTS_MAX) {
      long data = seek(position, Libc.SEEK_DATA, end);
      if (data > position) {
        extents.add(new Extent(position, data - position, true, true));
      }
      position = data;
      if (position < end) {
        long hole = seek(position, Libc.SEEK_HOLE, end);
        if (hole > position) {
          extents.add(new Extent(position, hole - position, false, false));
        }
        position = hole;
      }
    }
    return extents;
  }

  /** The next data or hole at or after a position, at most {@code end}. */
  private long seek(long position, int whence, long end) throws DiskException {
    long found = Libc.lseek(fd, position, whence);
    if (found >= 0) {
      return Math.min(found, end);
    }
    Errno errno = Libc.lastErrno();
    if (errno == Errno.ENXIO) {
      return end;
    }
    throw new DiskException(errno, "lseek", path, position, end - position);
  }
}
