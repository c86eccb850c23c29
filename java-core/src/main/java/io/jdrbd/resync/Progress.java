package io.jdrbd.resync;

import java.util.Optional;

/**
 * How far a resync or verify has come (spec 6.19).
 *
 * @param totalBlocks marked when it began, or more if more are marked now
 * @param leftBlocks marked now
 * @param failedBlocks that could not be read or written
 * @param elapsedNs since it began
 * @param pausedNs of them in which it was paused
 * @param older what was done since some 18 s ago
 * @param younger what was done since 3 to 6 s ago
 * @param equalBlocks that were found to be equal by their checksum
 * @param wantedKib the rate that is aimed at, in KiB/s; 0 for none
 * @param verify where a verify is; empty for a resync
 */
public record Progress(
    long totalBlocks,
    long leftBlocks,
    long failedBlocks,
    long elapsedNs,
    long pausedNs,
    Mark older,
    Mark younger,
    long equalBlocks,
    int wantedKib,
    Optional<Verify> verify) {

  /**
   * What was done since some moment.
   *
   * @param agoNs how long ago that moment was
   * @param blocks done since; negative if more were marked than resynced
   */
  public record Mark(long agoNs, long blocks) {}

  /**
   * Where a verify is, in blocks from the start of the volume.
   *
   * @param startBlock where it began
   * @param stopBlock where it is to stop; negative for the end of the volume
   * @param positionBlock where it is
   * @param skippedBlocks that could not be compared, because they were written meanwhile
   */
  public record Verify(long startBlock, long stopBlock, long positionBlock, long skippedBlocks) {}

  Progress withEqual(long blocks) {
    return with(blocks, wantedKib, verify);
  }

  Progress withWanted(int kib) {
    return with(equalBlocks, kib, verify);
  }

  Progress withVerify(Verify where) {
    return with(equalBlocks, wantedKib, Optional.of(where));
  }

  private Progress with(long equal, int wanted, Optional<Verify> where) {
    return new Progress(
        totalBlocks,
        leftBlocks,
        failedBlocks,
        elapsedNs,
        pausedNs,
        older,
        younger,
        equal,
        wanted,
        where);
  }
}
