package io.jdrbd.metadata.bitmap;

/** There is no memory for bitmaps of a size; those that were there are as they were. */
public final class BitmapMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BitmapMemoryException(long bytes, int slots, OutOfMemoryError cause) {
    super("no memory for %d bitmaps of %d KiB each".formatted(slots, bytes >> 10), cause);
  }
}
