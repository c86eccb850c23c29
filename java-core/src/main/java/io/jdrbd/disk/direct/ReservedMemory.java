package io.jdrbd.disk.direct;

import io.jdrbd.disk.DiskException;
import java.lang.foreign.MemorySegment;

/**
 * Address space that reads as zeroes and takes memory only where it has been written to: what the
 * memory engine keeps its data in. It is neither part of the Java heap nor counted by the JVM's
 * limits. Not thread-safe.
 */
public final class ReservedMemory {
  /** What the kernel takes and gives memory in. */
  public static final int PAGE_BYTES = 4096;

  private static final int PROT_READ_WRITE = 0x3;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final long MAP_FAILED = -1;

  private final MemorySegment segment;

  /**
   * @param lengthBytes at least 1
   * @throws DiskException if the process may not have so much address space
   */
  public ReservedMemory(long lengthBytes) throws DiskException {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    long address = Libc.mmap(0, lengthBytes, PROT_READ_WRITE, flags, -1, 0);
    if (address == MAP_FAILED) {
      throw new DiskException(Libc.lastErrno(), "mmap", "memory", 0, lengthBytes);
    }
    this.segment = MemorySegment.ofAddress(address).reinterpret(lengthBytes);
  }

  /** All of it. Not to be used after {@link #free}. */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Makes a range read as zeroes and gives its memory back as far as it covers whole pages.
   *
   * @param offsetBytes and {@code lengthBytes}: within the segment
   */
  public void zero(long offsetBytes, long lengthBytes) {
    long end = offsetBytes + lengthBytes;
    long firstPage = Math.min(end, roundUp(offsetBytes));
    long lastPage = Math.max(firstPage, end - end % PAGE_BYTES);
    segment.asSlice(offsetBytes, firstPage - offsetBytes).fill((byte) 0);
    if (lastPage > firstPage
        && Libc.madvise(segment.address() + firstPage, lastPage - firstPage, MADV_DONTNEED) != 0) {
      // Locked memory (mlockall) cannot be given back, but it can be zeroed.
      segment.asSlice(firstPage, lastPage - firstPage).fill((byte) 0);
    }
    segment.asSlice(lastPage, end - lastPage).fill((byte) 0);
  }

  /** Gives everything back to the kernel. */
  public void free() {
    if (Libc.munmap(segment.address(), segment.byteSize()) != 0) {
      throw new IllegalStateException("munmap: " + Libc.lastErrno().text());
    }
  }

  private static long roundUp(long bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }
}
