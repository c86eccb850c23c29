package io.jdrbd.disk;

/**
 * Sizes and granularities of a disk, all in bytes.
 *
 * @param sizeBytes the size; a multiple of {@code logicalBlockBytes}
 * @param logicalBlockBytes what offset, length and memory address of every request must be a
 *     multiple of; 1 where any is accepted
 * @param physicalBlockBytes what the medium writes as a whole; hint for alignment
 * @param discardGranularityBytes what a discard should be a multiple of; 0 where the disk cannot
 *     discard
 * @param volatileCache whether a write without FUA may be lost until the next flush
 * @param zeroesFast whether write-zeroes is clearly cheaper than writing zeroes as data
 */
public record DiskGeometry(
    long sizeBytes,
    int logicalBlockBytes,
    int physicalBlockBytes,
    int discardGranularityBytes,
    boolean volatileCache,
    boolean zeroesFast) {

  public DiskGeometry {
    if (sizeBytes < 0 || logicalBlockBytes < 1 || physicalBlockBytes < logicalBlockBytes) {
      throw new IllegalArgumentException(
          "size %d, logical block %d, physical block %d: size must not be negative, physical block not less than logical block"
              .formatted(sizeBytes, logicalBlockBytes, physicalBlockBytes));
    }
    if (sizeBytes % logicalBlockBytes != 0) {
      throw new IllegalArgumentException(
          "size %d is not a multiple of the logical block %d"
              .formatted(sizeBytes, logicalBlockBytes));
    }
    if (discardGranularityBytes < 0) {
      throw new IllegalArgumentException(
          "discard granularity %d is negative".formatted(discardGranularityBytes));
    }
  }

  /** The same with another logical block, which divides this one's. */
  public DiskGeometry withLogicalBlockBytes(int other) {
    return new DiskGeometry(
        sizeBytes, other, physicalBlockBytes, discardGranularityBytes, volatileCache, zeroesFast);
  }

  /** The same with a cache that may lose what is not flushed. */
  public DiskGeometry withVolatileCache() {
    return new DiskGeometry(
        sizeBytes,
        logicalBlockBytes,
        physicalBlockBytes,
        discardGranularityBytes,
        true,
        zeroesFast);
  }

  /** Whether a discard does anything. */
  public boolean canDiscard() {
    return discardGranularityBytes > 0;
  }
}
