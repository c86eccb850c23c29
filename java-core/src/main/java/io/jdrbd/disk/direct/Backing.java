package io.jdrbd.disk.direct;

import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import java.util.List;

/**
 * What a block device and a regular file do differently. All calls block; any number of threads may
 * use it at once.
 */
sealed interface Backing permits BlockBacking, FileBacking {

  /** Asks the kernel for the present sizes. */
  DiskGeometry geometry() throws DiskException;

  /** Gives the range up, as far as the disk supports it. */
  void discard(long offsetBytes, long lengthBytes) throws DiskException;

  /**
   * Zeroes the range without moving data.
   *
   * @param mayDiscard the range may become a hole
   * @return whether the disk could; if not, nothing has changed
   */
  boolean zeroFast(long offsetBytes, long lengthBytes, boolean mayDiscard) throws DiskException;

  /** What is allocated in the range, at least its beginning. */
  List<Extent> extents(long offsetBytes, long lengthBytes) throws DiskException;
}
