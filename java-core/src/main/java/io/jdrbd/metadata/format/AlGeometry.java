package io.jdrbd.metadata.format;

/**
 * The ring of 4 KiB blocks that the activity log is written to, perhaps striped.
 *
 * @param stripes number of stripes
 * @param stripeBlocks blocks in each stripe
 */
public record AlGeometry(int stripes, int stripeBlocks) {
  /** 32 KiB in one stripe, as every metadata has that was created without options. */
  public static final AlGeometry DEFAULT = new AlGeometry(1, 8);

  /** Entries of the active set that one transaction repeats. */
  public static final int CONTEXT_PER_TRANSACTION = 919;

  /** Slots that may change in one transaction. */
  public static final int UPDATES_PER_TRANSACTION = 64;

  /** The smallest active set, and the default one. */
  public static final int EXTENTS_MIN = 67;

  public static final int EXTENTS_DEFAULT = 1237;

  private static final int EXTENTS_MAX = 65534;
  private static final long BLOCKS_MIN = 8;
  private static final long BLOCKS_MAX = 4L << 20;

  /** Rings with more blocks than this have room for the largest active set. */
  private static final int BLOCKS_FOR_EXTENTS_MAX = 72;

  public AlGeometry {
    if (!isValid(stripes, stripeBlocks)) {
      throw new IllegalArgumentException(
          "activity log of %d stripes of %d blocks: the product must be from %d to %d"
              .formatted(stripes, stripeBlocks, BLOCKS_MIN, BLOCKS_MAX));
    }
  }

  /** Whether a ring may have this shape. */
  public static boolean isValid(long stripes, long stripeBlocks) {
    return stripes > 0
        && stripeBlocks > 0
        && stripes <= BLOCKS_MAX
        && stripeBlocks <= BLOCKS_MAX
        && stripes * stripeBlocks >= BLOCKS_MIN
        && stripes * stripeBlocks <= BLOCKS_MAX;
  }

  /** Blocks in the ring. */
  public int blocks() {
    return stripes * stripeBlocks;
  }

  /** Size of the ring in sectors. */
  public long sizeSectors() {
    return (long) blocks() * Sectors.PER_BLOCK;
  }

  /** Size of the ring in bytes. */
  public long sizeBytes() {
    return Sectors.toBytes(sizeSectors());
  }

  /**
   * The block on disk that a transaction is written to.
   *
   * @param transactionNumber an unsigned number that wraps
   */
  public int blockOf(int transactionNumber) {
    int turn = Integer.remainderUnsigned(transactionNumber, blocks());
    return turn % stripes * stripeBlocks + turn / stripes;
  }

  /** The nearest number of extents that an active set kept in this ring may have. */
  public int clampExtents(int wanted) {
    int most =
        blocks() <= BLOCKS_FOR_EXTENTS_MAX ? (blocks() - 1) * CONTEXT_PER_TRANSACTION : EXTENTS_MAX;
    return Math.clamp(wanted, EXTENTS_MIN, Math.min(most, EXTENTS_MAX));
  }
}
