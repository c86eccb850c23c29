package io.jdrbd.resync;

/** How many blocks make one request of a resync target (spec 6.5, step 4). */
final class RequestSize {
  /** Largest request: 1 MiB. */
  static final int BLOCKS_MAX = 256;

  private RequestSize() {}

  /**
   * The most that a request may have.
   *
   * @param first block; a request is aligned by its own length
   * @param left how many blocks the batch still may have, at least 1
   */
  static int most(long first, int left) {
    long aligned = first == 0 ? BLOCKS_MAX : Math.min(Long.lowestOneBit(first), BLOCKS_MAX);
    return (int) Math.min(aligned, powerOfTwo(left));
  }

  /** The nearest; of two that are equally near, the larger. */
  private static int powerOfTwo(int blocks) {
    int below = Integer.highestOneBit(Math.min(blocks, BLOCKS_MAX));
    return below < BLOCKS_MAX && blocks - below >= 2 * below - blocks ? 2 * below : below;
  }
}
