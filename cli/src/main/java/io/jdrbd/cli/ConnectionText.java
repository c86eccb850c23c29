package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;

/**
 * The lines of {@code status} about a connection and its peer devices (spec 7, section 10.1).
 *
 * @param style how the rest of the status is written
 */
record ConnectionText(StatusText style, ResourceView resource, FilledLines lines) {
  private static final int CONNECTION = 2;
  private static final int CONNECTION_CONTINUED = 6;
  private static final int PEER_DEVICE = 4;
  private static final int PEER_DEVICE_CONTINUED = 8;
  private static final int EVERYTHING = 2;
  private static final long SECTOR_BYTES = 512;

  void add(ConnectionView connection) {
    boolean connected = connection.state() == ConnectionState.CONNECTED;
    String nodeId = "node-id:" + connection.peerNodeId();
    lines.first(CONNECTION, connection.name().isEmpty() ? nodeId : connection.name());
    if (style.isVerbose()) {
      word(nodeId, Paint.plain());
    }
    if (style.isVerbose() || !connected) {
      word("connection:" + connection.state().word(), Paint.of(connection.state()));
    }
    if (style.isVerbose() || connected) {
      word("role:" + connection.peerRole().word(), Paint.of(connection.peerRole()));
    }
    if (style.isVerbose() || (connected && connection.encrypted())) {
      word("tls:" + StateWords.yesNo(connection.encrypted()), Paint.plain());
    }
    if (style.isVerbose() || connection.statistics().congested()) {
      congestion(connection);
    }
    lines.endLine();
    if (style.isVerbose() || style.statistics() || connected) {
      connection.peerDevices().forEach(device -> peerDevice(connection, device));
    }
  }

  private void congestion(ConnectionView connection) {
    var numbers = connection.statistics();
    word("congested:" + StateWords.yesNo(numbers.congested()), Paint.plain());
    word("ap-in-flight:" + numbers.applicationInFlightSectors(), Paint.plain());
    word("rs-in-flight:" + numbers.resyncInFlightSectors(), Paint.plain());
  }

  private void word(String word, Paint paint) {
    lines.word(CONNECTION_CONTINUED, word, style.colour() ? paint : Paint.plain());
  }

  private void peerDevice(ConnectionView connection, PeerDeviceView device) {
    boolean known =
        device.replication() != ReplicationState.OFF || device.peerDisk() != DiskState.D_UNKNOWN;
    boolean whole = style.isVerbose() || style.statistics() || known;
    boolean numbered =
        style.isVerbose() || connection.peerDevices().size() > 1 || device.volume() != 0;
    if (!whole && !numbered) {
      return;
    }
    int indent = PEER_DEVICE;
    if (numbered) {
      lines.first(indent, "volume:" + device.volume());
      indent = PEER_DEVICE_CONTINUED;
    }
    if (style.isVerbose() || device.replication().isAbove(ReplicationState.ESTABLISHED)) {
      lines.word(
          indent,
          "replication:" + device.replication().word(),
          paint(Paint.of(device.replication())));
      indent = PEER_DEVICE_CONTINUED;
    }
    SyncFigures figures = new SyncFigures(device, sizeSectors(device));
    if (whole) {
      lines.word(
          indent, "peer-disk:" + device.peerDisk().word(), paint(Paint.of(device.peerDisk())));
      furtherWords(device, figures);
    }
    lines.endLine();
    if (whole && style.statistics()) {
      counters(device, figures);
      lines.endLine();
    }
  }

  private void furtherWords(PeerDeviceView device, SyncFigures figures) {
    if (device.peerDisk() == DiskState.DISKLESS && (style.isVerbose() || !style.terminal())) {
      more("peer-client:" + StateWords.yesNo(device.peerClient()));
    }
    if (figures.running()) {
      more("done:" + figures.done());
    }
    if (style.isVerbose() || !device.suspensions().isEmpty()) {
      more("resync-suspended:" + StateWords.resyncSuspended(device));
    }
  }

  private void counters(PeerDeviceView device, SyncFigures figures) {
    PeerDeviceStatistics numbers = device.statistics();
    more("received:" + StateWords.kib(numbers.receivedSectors()));
    more("sent:" + StateWords.kib(numbers.sentSectors()));
    if (style.isVerbose() || numbers.outOfSyncSectors() != 0) {
      more("out-of-sync:" + StateWords.kib(numbers.outOfSyncSectors()));
    }
    if (style.isVerbose()) {
      more("pending:" + numbers.pending());
      more("unacked:" + numbers.unacked());
      figures.details().ifPresent(progress -> speed(progress, figures));
    }
  }

  private void speed(SyncProgress progress, SyncFigures figures) {
    if (style.verbose() >= EVERYTHING) {
      everything(progress, figures);
    }
    more("dbdt1:" + SyncFigures.speed(progress.youngerMark()));
    more("eta:" + figures.secondsLeft(progress, "nan"));
  }

  private void everything(SyncProgress progress, SyncFigures figures) {
    more("rs-total:" + progress.totalSectors());
    more("rs-dt-start-ms:" + progress.sinceStartMs());
    more("rs-paused-ms:" + progress.pausedMs());
    more("rs-dt0-ms:" + progress.olderMark().agoMs());
    more("rs-db0-sectors:" + progress.olderMark().sectors());
    more("rs-dt1-ms:" + progress.youngerMark().agoMs());
    more("rs-db1-sectors:" + progress.youngerMark().sectors());
    progress
        .verify()
        .ifPresentOrElse(
            verify -> {
              more("ov-start-sector:" + verify.startSector());
              more("ov-stop-sector:" + verify.stopSector());
              more("ov-position:" + verify.positionSector());
              more("ov-left:" + verify.leftSectors());
              more("ov-skipped:" + verify.skippedSectors());
            },
            () -> {
              more("rs-failed:" + progress.failedSectors());
              more("rs-same-csum:" + progress.sameChecksumSectors());
            });
    if (progress.wantedKibPerSecond() != 0) {
      more("want:" + SyncFigures.wanted(progress));
    }
    more("dbdt:" + figures.averageSpeed(progress));
    more("dbdt0:" + SyncFigures.speed(progress.olderMark()));
  }

  private void more(String word) {
    lines.word(PEER_DEVICE_CONTINUED, word);
  }

  private Paint paint(Paint paint) {
    return style.colour() ? paint : Paint.plain();
  }

  private long sizeSectors(PeerDeviceView device) {
    return sizeSectors(resource, device);
  }

  /** The size of a peer device's volume; 0 if unknown. */
  static long sizeSectors(ResourceView resource, PeerDeviceView device) {
    return resource.volumes().stream()
        .filter(volume -> volume.volume() == device.volume())
        .map(VolumeView::statistics)
        .mapToLong(statistics -> statistics.sizeBytes() / SECTOR_BYTES)
        .findFirst()
        .orElse(0);
  }
}
