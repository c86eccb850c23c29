package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.SyncProgress;
import java.util.stream.Collectors;

/**
 * A connection in {@code status --json}, to the byte as {@code drbdsetup} lays it out (spec 7,
 * section 10.2).
 */
final class ConnectionJson {
  private ConnectionJson() {}

  static String of(ResourceView resource, ConnectionView connection) {
    return """
        {
          "peer-node-id": %d,
          "name": %s,
          "connection-state": "%s",\s
          "congested": %b,
          "peer-role": "%s",
          "tls": %b,
          "ap-in-flight": %d,
          "rs-in-flight": %d,
          "paths": [
    %s ],
          "peer_devices": [
    %s ]
        }\
    """
        .formatted(
            connection.peerNodeId(),
            OptionLines.quoted(connection.name()),
            connection.state().word(),
            connection.statistics().congested(),
            connection.peerRole().word(),
            connection.encrypted(),
            connection.statistics().applicationInFlightSectors(),
            connection.statistics().resyncInFlightSectors(),
            connection.paths().stream()
                .map(ConnectionJson::path)
                .collect(Collectors.joining(",\n")),
            connection.peerDevices().stream()
                .map(
                    device ->
                        peerDevice(
                            new SyncFigures(device, ConnectionText.sizeSectors(resource, device))))
                .collect(Collectors.joining(",\n")));
  }

  private static String path(PathView path) {
    return """
            {
              "this_host": {
    %s
              },
              "remote_host": {
    %s
              },
              "established": %b
            }\
    """
        .formatted(end(path.local()), end(path.peer()), path.established());
  }

  private static String end(Endpoint end) {
    return """
                "address": "%s",
                "port": %d,
                "family": "%s"\
    """
        .formatted(end.host(), end.port(), end.family());
  }

  private static String peerDevice(SyncFigures figures) {
    PeerDeviceView device = figures.device();
    PeerDeviceStatistics numbers = device.statistics();
    return """
            {
              "volume": %d,
              "replication-state": "%s",
              "peer-disk-state": "%s",
              "peer-client": %b,
              "resync-suspended": "%s",
              "received": %d,
              "sent": %d,
              "out-of-sync": %d,
              "pending": %d,
              "unacked": %d,
              "has-sync-details": %b,
              "has-online-verify-details": %b,
              "percent-in-sync": %s%s
            }\
    """
        .formatted(
            device.volume(),
            device.replication().word(),
            device.peerDisk().word(),
            device.peerClient(),
            StateWords.resyncSuspended(device),
            StateWords.kib(numbers.receivedSectors()),
            StateWords.kib(numbers.sentSectors()),
            StateWords.kib(numbers.outOfSyncSectors()),
            numbers.pending(),
            numbers.unacked(),
            figures.details().isPresent(),
            figures.details().flatMap(SyncProgress::verify).isPresent(),
            figures.inSync(),
            progress(figures));
  }

  private static String progress(SyncFigures figures) {
    return figures
        .details()
        .map(progress -> details(progress, figures))
        .orElseGet(
            () ->
                figures.running() ? ",\n          \"percent-resync-done\": " + figures.done() : "");
  }

  private static String details(SyncProgress progress, SyncFigures figures) {
    return """
    ,
              "rs-total": %d,
              "rs-dt-start-ms": %d,
              "rs-paused-ms": %d,
              "rs-dt0-ms": %d,
              "rs-db0-sectors": %d,
              "rs-dt1-ms": %d,
              "rs-db1-sectors": %d,
    %s
              "want": %s,
              "db0/dt0 [MiB/s]": %s,
              "db1/dt1 [MiB/s]": %s,
              "estimated-seconds-to-finish": %s,
              "db/dt [MiB/s]": %s,
              "percent-resync-done": %s\
    """
        .formatted(
            progress.totalSectors(),
            progress.sinceStartMs(),
            progress.pausedMs(),
            progress.olderMark().agoMs(),
            progress.olderMark().sectors(),
            progress.youngerMark().agoMs(),
            progress.youngerMark().sectors(),
            progress.verify().map(ConnectionJson::verify).orElseGet(() -> resync(progress)),
            SyncFigures.wanted(progress),
            SyncFigures.speed(progress.olderMark()),
            SyncFigures.speed(progress.youngerMark()),
            figures.secondsLeft(progress, SyncFigures.UNKNOWN_SECONDS),
            figures.averageSpeed(progress),
            figures.done());
  }

  private static String verify(SyncProgress.Verify verify) {
    return """
              "ov-start-sector": %d,
              "ov-stop-sector": %d,
              "ov-position": %d,
              "ov-left": %d,
              "ov-skipped": %d,\
    """
        .formatted(
            verify.startSector(),
            verify.stopSector(),
            verify.positionSector(),
            verify.leftSectors(),
            verify.skippedSectors());
  }

  private static String resync(SyncProgress progress) {
    return """
              "rs-failed": %d,
              "rs-same-csum": %d,\
    """
        .formatted(progress.failedSectors(), progress.sameChecksumSectors());
  }
}
