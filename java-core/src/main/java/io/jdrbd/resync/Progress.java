package io.jdrbd.resync;

/**
 * How far a resync has come (spec 6.19).
 *
 * @param totalBlocks marked when it began, or more if more are marked now
 * @param leftBlocks marked now
 * @param failedBlocks that could not be read or written
 * @param elapsedNs since it began
 * @param pausedNs of them in which it was paused
 * @param older what was done since some 18 s ago
 * @param younger what was done since 3 to 6 s ago
 */
public record Progress(
    long totalBlocks,
    long leftBlocks,
    long failedBlocks,
    long elapsedNs,
    long pausedNs,
    Mark older,
    Mark younger) {

  /**
   * What was done since some moment.
   *
   * @param agoNs how long ago that moment was
   * @param blocks done since; negative if more were marked than resynced
   */
  public record Mark(long agoNs, long blocks) {}
}
