package io.jdrbd.disk;

import java.util.List;
import java.util.function.Consumer;

/**
 * A disk whose requests are asynchronous. Engines do the work; filters wrap another disk and add
 * one behaviour. All methods are called on the event loop that the disk was opened with, and every
 * completion arrives on that loop, never inside the call that submitted the request.
 */
public interface BlockDisk {

  /** Sizes and granularities. A disk that grew or shrank reports it after {@link #refresh}. */
  DiskGeometry geometry();

  /** What this disk is, for people: {@code /dev/sdb1 (io_uring)}. */
  String description();

  /**
   * Starts a request. It ends with exactly one call of {@link DiskRequest#complete} or {@link
   * DiskRequest#fail}. Requests may complete in any order; no order is kept between overlapping
   * requests in flight.
   *
   * <p>The disk does not retain the request's buffer: whoever submits keeps its reference until the
   * end.
   */
  void submit(DiskRequest request);

  /**
   * Finds out what is allocated, for NBD's {@code base:allocation}.
   *
   * @param offsetBytes start, within the disk
   * @param lengthBytes length, at least 1
   * @param answer receives extents that cover the range from its start without a gap (perhaps not
   *     up to its end), at least one; a disk that does not know says that all is data
   */
  void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer);

  /** Reads the size again from the device and answers with the new geometry. */
  void refresh(Consumer<DiskGeometry> answer);

  /**
   * Closes the disk after what is in flight has ended; then calls {@code closed} on the loop, never
   * inside this call. Requests submitted later fail with {@code EBADF}. Called once.
   */
  void close(Runnable closed);

  /**
   * A run of bytes that are alike.
   *
   * @param offsetBytes start on the disk
   * @param lengthBytes length, at least 1
   * @param hole nothing is allocated there
   * @param zero it reads as zeroes
   */
  record Extent(long offsetBytes, long lengthBytes, boolean hole, boolean zero) {}
}
