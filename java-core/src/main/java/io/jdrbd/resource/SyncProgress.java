package io.jdrbd.resource;

import java.util.Optional;

/**
 * How far a resync or verify is (spec 7, section 10.1). Two marks in time tell its speed now: what
 * was done since the older and since the younger of them.
 *
 * @param totalSectors what there was to do at its start
 * @param failedSectors what could not be read or written
 * @param sameChecksumSectors what was found to be equal by its checksum
 * @param sinceStartMs how long ago it began
 * @param pausedMs how long it was paused in all
 * @param olderMark the last but one
 * @param youngerMark the last
 * @param wantedKibPerSecond the rate that is aimed at; 0 for none
 * @param verify where a verify is; empty for a resync
 */
public record SyncProgress(
    long totalSectors,
    long failedSectors,
    long sameChecksumSectors,
    long sinceStartMs,
    long pausedMs,
    Mark olderMark,
    Mark youngerMark,
    long wantedKibPerSecond,
    Optional<Verify> verify) {

  /**
   * What was done since some moment.
   *
   * @param agoMs how long ago that moment was
   * @param sectors what was done since
   */
  public record Mark(long agoMs, long sectors) {}

  /**
   * Where a verify is.
   *
   * @param stopSector where it is to stop; negative for the end of the volume
   */
  public record Verify(
      long startSector,
      long stopSector,
      long positionSector,
      long leftSectors,
      long skippedSectors) {}

  /**
   * What is still to be done, in sectors.
   *
   * @param outOfSyncSectors of the peer device
   */
  public long leftSectors(long outOfSyncSectors) {
    return verify
        .map(Verify::leftSectors)
        .filter(left -> left != 0)
        .orElse(outOfSyncSectors - failedSectors);
  }
}
