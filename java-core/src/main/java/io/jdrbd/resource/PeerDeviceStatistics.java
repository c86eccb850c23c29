package io.jdrbd.resource;

import java.util.Optional;

/**
 * Counters of a peer device.
 *
 * @param receivedSectors received from the peer and written, since it was created
 * @param sentSectors sent to the peer since it was created
 * @param outOfSyncSectors what differs, or may differ, between the two disks
 * @param pending requests sent to the peer that it has not answered
 * @param unacked requests of the peer that have not been answered
 * @param progress how far a resync or verify is; empty if there is none, or nothing is known of it
 */
public record PeerDeviceStatistics(
    long receivedSectors,
    long sentSectors,
    long outOfSyncSectors,
    int pending,
    int unacked,
    Optional<SyncProgress> progress) {

  private static final PeerDeviceStatistics NONE =
      new PeerDeviceStatistics(0, 0, 0, 0, 0, Optional.empty());

  /** All zero. */
  public static PeerDeviceStatistics none() {
    return NONE;
  }
}
