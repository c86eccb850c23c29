package io.jdrbd.resync;

/** How many blocks make one request of a resync target (spec 6.5, step 4). */
final class RequestSize {
  private RequestSize() {}

  /**
   * The most that a request may have.
   *
   * @param first block; a request is aligned by its own length
   * @param left how many blocks the batch still may have, at least 1
   * @param max how many one packet carries; a power of two
   */
  static int most(long first, int left, int max) {
    long aligned = first == 0 ? max : Math.min(Long.lowestOneBit(first), max);
    return (int) Math.min(aligned, powerOfTwo(left, max));
  }

  /** The nearest; of two that are equally near, the larger. */
  private static int powerOfTwo(int blocks, int max) {
    int below = Integer.highestOneBit(Math.min(blocks, max));
    return below < max && blocks - below >= 2 * below - blocks ? 2 * below : below;
  }
}
