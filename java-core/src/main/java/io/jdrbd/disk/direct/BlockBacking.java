package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.Errno;
import java.util.List;

/** A block device: sizes, discards and zeroes by ioctl, capabilities from sysfs. */
final class BlockBacking implements Backing {
  private static final int PUNCH = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;

  private final int fd;
  private final String path;
  private final BlockQueue queue;

  BlockBacking(int fd, String path, FileStatus status) {
    this.fd = fd;
    this.path = path;
    this.queue = BlockQueue.of(status.deviceMajor(), status.deviceMinor());
  }

  @Override
  public DiskGeometry geometry() throws DiskException {
    int logical = (int) ask(Libc.BLKSSZGET, "BLKSSZGET", Integer.BYTES);
    int physical = (int) ask(Libc.BLKPBSZGET, "BLKPBSZGET", Integer.BYTES);
    int minimum = (int) ask(Libc.BLKIOMIN, "BLKIOMIN", Integer.BYTES);
    long size = ask(Libc.BLKGETSIZE64, "BLKGETSIZE64", Long.BYTES);
    return new DiskGeometry(
        size - size % logical,
        logical,
        Math.max(logical, Math.max(physical, minimum)),
        queue.discardGranularityBytes(),
        queue.volatileCache(),
        queue.zeroesFast());
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) throws DiskException {
    if (queue.discardGranularityBytes() > 0) {
      rangeIoctl(Libc.BLKDISCARD, "BLKDISCARD", offsetBytes, lengthBytes);
    }
  }

  @Override
  public boolean zeroFast(long offsetBytes, long lengthBytes, boolean mayDiscard)
      throws DiskException {
    if (mayDiscard && Libc.fallocate(fd, PUNCH, offsetBytes, lengthBytes) == 0) {
      return true;
    }
    if (!queue.zeroesFast()) {
      return false;
    }
    rangeIoctl(Libc.BLKZEROOUT, "BLKZEROOUT", offsetBytes, lengthBytes);
    return true;
  }

  /** The kernel cannot tell what a block device has allocated. */
  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) {
    return List.of(new Extent(offsetBytes, lengthBytes, false, false));
  }

  private void rangeIoctl(long command, String name, long offsetBytes, long lengthBytes)
      throws DiskException {
    while (Libc.rangeIoctl(fd, command, offsetBytes, lengthBytes) != 0) {
      Errno errno = Libc.lastErrno();
      if (errno != Errno.EINTR) {
        throw new DiskException(errno, name, path, offsetBytes, lengthBytes);
      }
    }
  }

  private long ask(long command, String name, int answerBytes) throws DiskException {
    try (Memory answer = new Memory(Long.BYTES)) {
      answer.clear();
      if (Libc.ioctl(fd, command, answer) != 0) {
        throw DiskException.ofWhole(Libc.lastErrno(), name, path, "");
      }
      return answerBytes == Integer.BYTES ? answer.getInt(0) : answer.getLong(0);
    }
  }
}
