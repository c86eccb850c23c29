package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;

/**
 * Reads, writes and syncs of one open file. Short transfers are continued, interrupted calls
 * repeated.
 */
final class Transfer {
  private static final int ALIGNMENT = 4096;
  private static final int ZEROES_BYTES = 256 * 1024;

  /** Never freed and never written to: what zeroes are written from. */
  private static final Memory ZEROES = zeroes();

  private static final long ZEROES_ADDRESS = Pointer.nativeValue(ZEROES.align(ALIGNMENT));

  private final int fd;
  private final String path;

  /** Whether a write can be made durable by itself; found out at the first attempt. */
  private volatile boolean durableWrites = DurableWrite.available();

  Transfer(int fd, String path) {
    this.fd = fd;
    this.path = path;
  }

  private static Memory zeroes() {
    Memory memory = new Memory(ZEROES_BYTES + ALIGNMENT);
    memory.clear();
    return memory;
  }

  void read(long address, long lengthBytes, long offsetBytes) throws DiskException {
    for (long done = 0; done < lengthBytes; ) {
      long got = Libc.pread(fd, address + done, lengthBytes - done, offsetBytes + done);
      done += got > 0 ? got : readAgain(got, offsetBytes + done, lengthBytes - done);
    }
  }

  private long readAgain(long got, long offsetBytes, long lengthBytes) throws DiskException {
    if (got == 0) {
      throw new DiskException(
          Errno.EIO,
          "pread",
          path,
          offsetBytes,
          lengthBytes,
          "the disk ends before this; it has become smaller since it was opened");
    }
    return retry("pread", offsetBytes, lengthBytes);
  }

  void write(long address, long lengthBytes, long offsetBytes) throws DiskException {
    for (long done = 0; done < lengthBytes; ) {
      long put = Libc.pwrite(fd, address + done, lengthBytes - done, offsetBytes + done);
      done += put > 0 ? put : writeAgain(put, "pwrite", offsetBytes + done, lengthBytes - done);
    }
  }

  /** Writes and returns when the data is durable. */
  void writeDurably(long address, long lengthBytes, long offsetBytes) throws DiskException {
    long done = 0;
    while (durableWrites && done < lengthBytes) {
      long put = DurableWrite.pwrite(fd, address + done, lengthBytes - done, offsetBytes + done);
      if (put < 0 && Libc.lastErrno() == Errno.EOPNOTSUPP) {
        durableWrites = false;
      } else {
        done += put > 0 ? put : writeAgain(put, "pwritev2", offsetBytes + done, lengthBytes - done);
      }
    }
    if (done < lengthBytes) {
      write(address + done, lengthBytes - done, offsetBytes + done);
      sync();
    }
  }

  private long writeAgain(long put, String call, long offsetBytes, long lengthBytes)
      throws DiskException {
    if (put == 0) {
      throw new DiskException(
          Errno.ENOSPC, call, path, offsetBytes, lengthBytes, "nothing more is accepted here");
    }
    return retry(call, offsetBytes, lengthBytes);
  }

  void writeZeroes(long lengthBytes, long offsetBytes) throws DiskException {
    for (long done = 0; done < lengthBytes; ) {
      long next = Math.min(ZEROES_BYTES, lengthBytes - done);
      write(ZEROES_ADDRESS, next, offsetBytes + done);
      done += next;
    }
  }

  void sync() throws DiskException {
    while (Libc.fdatasync(fd) != 0) {
      retry("fdatasync", 0, 0);
    }
  }

  /** After a call that failed: 0 bytes moved if it may be repeated. */
  private long retry(String call, long offsetBytes, long lengthBytes) throws DiskException {
    Errno errno = Libc.lastErrno();
    if (errno == Errno.EINTR) {
      return 0;
    }
    throw new DiskException(errno, call, path, offsetBytes, lengthBytes);
  }
}
