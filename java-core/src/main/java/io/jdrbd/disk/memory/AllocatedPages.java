package io.jdrbd.disk.memory;

import io.jdrbd.disk.BlockDisk.Extent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which pages of a memory disk hold data. */
final class AllocatedPages {
  /** A disk of more pages than this has bits is not for memory. */
  static final long DISK_BYTES_MAX = 1L << 42;

  /** One answer has at most so many extents; who asks comes again for the rest. */
  private static final int EXTENTS_MAX = 1024;

  private final int pageBytes;
  private final BitSet pages = new BitSet();

  AllocatedPages(int pageBytes) {
    this.pageBytes = pageBytes;
  }

  /** Every page that the range touches holds data. */
  void add(long offsetBytes, long lengthBytes) {
    pages.set(page(offsetBytes), page(offsetBytes + lengthBytes - 1) + 1);
  }

  /** Pages that lie in the range with all that the disk has of them hold none. */
  void removeWhole(long offsetBytes, long lengthBytes, long diskBytes) {
    long end = offsetBytes + lengthBytes;
    int first = page(offsetBytes + pageBytes - 1);
    int last = end == diskBytes ? page(end + pageBytes - 1) : page(end);
    if (first < last) {
      pages.clear(first, last);
    }
  }

  List<Extent> extents(long offsetBytes, long lengthBytes) {
    List<Extent> extents = new ArrayList<>();
    long end = offsetBytes + lengthBytes;
    for (long position = offsetBytes; position < end && extents.size() < EXTENTS_MAX; ) {
      boolean hole = !pages.get(page(position));
      long next = Math.min(end, endOfRun(page(position), hole));
      extents.add(new Extent(position, next - position, hole, hole));
      position = next;
    }
    return extents;
  }

  private long endOfRun(int page, boolean hole) {
    int next = hole ? pages.nextSetBit(page) : pages.nextClearBit(page);
    return next < 0 ? Long.MAX_VALUE : (long) next * pageBytes;
  }

  private int page(long offsetBytes) {
    return (int) (offsetBytes / pageBytes);
  }
}
