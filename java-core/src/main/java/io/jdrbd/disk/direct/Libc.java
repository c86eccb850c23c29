package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.jdrbd.disk.Errno;

/**
 * The C library's file calls, mapped directly. JNA keeps errno for each thread right after the
 * call, so {@link #lastErrno} is the error of the calling thread's last call, whatever the JVM does
 * in between.
 */
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_EXCL = 0x80;
  static final int O_CLOEXEC = 0x80000;
  static final int O_DIRECT = directFlag(System.getProperty("os.arch"));

  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  static final int FALLOC_FL_KEEP_SIZE = 0x01;
  static final int FALLOC_FL_PUNCH_HOLE = 0x02;
  static final int FALLOC_FL_ZERO_RANGE = 0x10;

  static final int F_OFD_SETLK = 37;

  static final long BLKIOMIN = 0x1278;
  static final long BLKSSZGET = 0x1268;
  static final long BLKPBSZGET = 0x127b;
  static final long BLKDISCARD = 0x1277;
  static final long BLKZEROOUT = 0x127f;
  static final long BLKGETSIZE64 = 0x80081272L;

  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;

  static {
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  static native int open(String path, int flags);

  static native int close(int fd);

  static native long pread(int fd, long address, long lengthBytes, long offsetBytes);

  static native long pwrite(int fd, long address, long lengthBytes, long offsetBytes);

  static native int fdatasync(int fd);

  static native int fallocate(int fd, int mode, long offsetBytes, long lengthBytes);

  static native long lseek(int fd, long offsetBytes, int whence);

  static native int statx(int directoryFd, String path, int flags, int mask, Pointer into);

  static native int ioctl(int fd, long command, Pointer argument);

  static native int fcntl(int fd, int command, Pointer argument);

  static native long mmap(
      long address, long lengthBytes, int protection, int flags, int fd, long offsetBytes);

  static native int munmap(long address, long lengthBytes);

  static native int madvise(long address, long lengthBytes, int advice);

  /** Why the calling thread's last call failed. */
  static Errno lastErrno() {
    return Errno.of(Native.getLastError());
  }

  /** An ioctl that takes a start and a length, such as {@link #BLKDISCARD}. */
  static int rangeIoctl(int fd, long command, long offsetBytes, long lengthBytes) {
    try (Memory range = new Memory(2 * Long.BYTES)) {
      range.setLong(0, offsetBytes);
      range.setLong(Long.BYTES, lengthBytes);
      return ioctl(fd, command, range);
    }
  }

  /** O_DIRECT is the one flag here that differs between the architectures that jdrbd runs on. */
  private static int directFlag(String architecture) {
    return architecture.equals("aarch64") ? 0x10000 : 0x4000;
  }
}
