package io.jdrbd.metadata.attached;

/**
 * Says whose bitmaps a write is marked in when it has ended; asked on the disk's loop, while the
 * write's extents are still active.
 */
@FunctionalInterface
public interface Marking {
  /** Nobody is known to have it: marked for every peer. */
  Marking EVERYBODY = (offsetBytes, lengthBytes) -> -1L;

  /**
   * Answers for one write.
   *
   * @return mask of the bitmap slots whose peers do not durably have what was written
   */
  long slots(long offsetBytes, long lengthBytes);
}
