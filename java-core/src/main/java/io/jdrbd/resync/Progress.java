package io.jdrbd.resync;

/**
 * How far a resync has come (spec 6.19).
 *
 * @param totalBlocks marked when it began
 * @param leftBlocks marked now
 * @param failedBlocks that could not be read or written
 * @param elapsedNs since it began
 */
public record Progress(long totalBlocks, long leftBlocks, long failedBlocks, long elapsedNs) {

  /** From 0 to 100. */
  public double percent() {
    return totalBlocks == 0
        ? 100
        : 100.0 * Math.max(0, totalBlocks - (leftBlocks - failedBlocks)) / totalBlocks;
  }
}
