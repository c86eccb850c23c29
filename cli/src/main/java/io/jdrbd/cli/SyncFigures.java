package io.jdrbd.cli;

import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.state.ReplicationState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * What {@code status} and {@code events2} calculate from the counters of a peer device (spec 7,
 * section 10.1, "Formulas").
 *
 * @param sizeSectors of the volume; 0 if unknown
 */
record SyncFigures(PeerDeviceView device, long sizeSectors) {
  /** Printed in JSON where the time to the end is not known. */
  static final String UNKNOWN_SECONDS = "987654321";

  private static final double SECTORS_PER_MIB = 2048;
  private static final double MS_PER_S = 1000;
  private static final double PERCENT = 100;

  /** Whether a resync or verify runs or is paused. */
  boolean running() {
    return device
        .replication()
        .isBetween(ReplicationState.SYNC_SOURCE, ReplicationState.PAUSED_SYNC_T);
  }

  Optional<SyncProgress> details() {
    return device.statistics().progress().filter(progress -> progress.totalSectors() != 0);
  }

  /** How much of the resync or verify is done, in percent. */
  String done() {
    return details()
        .map(
            progress ->
                PERCENT * (progress.totalSectors() - left(progress)) / progress.totalSectors())
        .map(SyncFigures::twoDecimals)
        .orElseGet(this::inSync);
  }

  /** How much of the volume is in sync, in percent. */
  String inSync() {
    return twoDecimals(
        sizeSectors == 0
            ? 0
            : PERCENT * (sizeSectors - numbers().outOfSyncSectors()) / sizeSectors);
  }

  /** The speed since a mark, in MiB/s. */
  static String speed(SyncProgress.Mark mark) {
    return speed(mark.sectors(), mark.agoMs());
  }

  /** The speed from the beginning on, in MiB/s. */
  String averageSpeed(SyncProgress progress) {
    return speed(
        progress.totalSectors() - left(progress), progress.sinceStartMs() - progress.pausedMs());
  }

  private static String speed(long sectors, long ms) {
    return twoDecimals(sectors / (double) Math.max(ms, 1) * MS_PER_S / SECTORS_PER_MIB);
  }

  /** The rate that is aimed at, in MiB/s. */
  static String wanted(SyncProgress progress) {
    return twoDecimals(progress.wantedKibPerSecond() / 1024.0);
  }

  /** Seconds to the end; the other text if nobody knows. */
  String secondsLeft(SyncProgress progress, String unknown) {
    SyncProgress.Mark mark = progress.youngerMark();
    if (mark.sectors() <= 0) {
      return unknown;
    }
    double seconds = mark.agoMs() * (double) left(progress) / mark.sectors() / MS_PER_S;
    return rounded(seconds, 0);
  }

  private long left(SyncProgress progress) {
    return progress.leftSectors(numbers().outOfSyncSectors());
  }

  private PeerDeviceStatistics numbers() {
    return device.statistics();
  }

  private static String twoDecimals(double value) {
    return rounded(value, 2);
  }

  private static String rounded(double value, int decimals) {
    return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }
}
