package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import io.jdrbd.disk.DiskException;

/**
 * What {@code statx} says about a file.
 *
 * @param kind block device, regular file or neither
 * @param sizeBytes size of a regular file
 * @param blockBytes preferred block size of the file system
 * @param deviceMajor of a block device
 * @param deviceMinor of a block device
 * @param direct what the kernel says about O_DIRECT
 */
record FileStatus(
    Kind kind,
    long sizeBytes,
    int blockBytes,
    int deviceMajor,
    int deviceMinor,
    DirectSupport direct) {

  enum Kind {
    BLOCK_DEVICE,
    REGULAR_FILE,
    OTHER
  }

  /** Alignment of O_DIRECT as the kernel tells it since Linux 6.1. */
  sealed interface DirectSupport {
    /** The kernel or the file system does not tell. */
    record Unknown() implements DirectSupport {}

    /** This file cannot be used with O_DIRECT. */
    record Refused() implements DirectSupport {}

    /** What memory addresses, and offsets and lengths, must be multiples of. */
    record Aligned(int memoryBytes, int offsetBytes) implements DirectSupport {}
  }

  private static final int STRUCT_BYTES = 256;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_DIOALIGN = 0x2000;

  private static final int S_IFMT = 0xf000;
  private static final int S_IFBLK = 0x6000;
  private static final int S_IFREG = 0x8000;

  private static final int MASK_AT = 0;
  private static final int BLOCK_SIZE_AT = 4;
  private static final int MODE_AT = 28;
  private static final int SIZE_AT = 40;
  private static final int DEVICE_MAJOR_AT = 128;
  private static final int DEVICE_MINOR_AT = 132;
  private static final int DIRECT_MEMORY_ALIGN_AT = 152;
  private static final int DIRECT_OFFSET_ALIGN_AT = 156;

  /** Of a path; follows symbolic links. */
  static FileStatus of(String path) throws DiskException {
    return read(Libc.AT_FDCWD, path, 0, path);
  }

  /** Of an open file. */
  static FileStatus of(int fd, String path) throws DiskException {
    return read(fd, "", Libc.AT_EMPTY_PATH, path);
  }

  private static FileStatus read(int directoryFd, String name, int flags, String path)
      throws DiskException {
    try (Memory struct = new Memory(STRUCT_BYTES)) {
      struct.clear();
      if (Libc.statx(directoryFd, name, flags, STATX_BASIC_STATS | STATX_DIOALIGN, struct) != 0) {
        throw DiskException.ofWhole(Libc.lastErrno(), "open", path, "");
      }
      return new FileStatus(
          kind(struct.getShort(MODE_AT) & S_IFMT),
          struct.getLong(SIZE_AT),
          struct.getInt(BLOCK_SIZE_AT),
          struct.getInt(DEVICE_MAJOR_AT),
          struct.getInt(DEVICE_MINOR_AT),
          direct(struct));
    }
  }

  private static Kind kind(int format) {
    return switch (format) {
      case S_IFBLK -> Kind.BLOCK_DEVICE;
      case S_IFREG -> Kind.REGULAR_FILE;
      default -> Kind.OTHER;
    };
  }

  private static DirectSupport direct(Memory struct) {
    if ((struct.getInt(MASK_AT) & STATX_DIOALIGN) == 0) {
      return new DirectSupport.Unknown();
    }
    int memory = struct.getInt(DIRECT_MEMORY_ALIGN_AT);
    int offset = struct.getInt(DIRECT_OFFSET_ALIGN_AT);
    return memory == 0 || offset == 0
        ? new DirectSupport.Refused()
        : new DirectSupport.Aligned(memory, offset);
  }
}
