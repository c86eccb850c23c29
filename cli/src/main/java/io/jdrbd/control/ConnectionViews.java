package io.jdrbd.control;

import io.jdrbd.resource.ConnectionStatistics;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import java.util.Map;
import java.util.Optional;

/** Views of connections as JSON and back. */
final class ConnectionViews {
  private ConnectionViews() {}

  static Json.Obj asJson(ConnectionView connection) {
    ConnectionStatistics statistics = connection.statistics();
    return Json.Obj.empty()
        .with("peer-node-id", connection.peerNodeId())
        .with("options", options(connection.options().nonDefaults()))
        .with("state", connection.state().word())
        .with("peer-role", connection.peerRole().word())
        .with("encrypted", connection.encrypted())
        .with("congested", statistics.congested())
        .with("application-in-flight-sectors", statistics.applicationInFlightSectors())
        .with("resync-in-flight-sectors", statistics.resyncInFlightSectors())
        .with(
            "paths",
            new Json.Array(connection.paths().stream().<Json>map(ConnectionViews::asJson).toList()))
        .with(
            "peer-devices",
            new Json.Array(
                connection.peerDevices().stream().<Json>map(ConnectionViews::asJson).toList()));
  }

  static ConnectionView connection(Json.Obj object) {
    return new ConnectionView(
        object.integer("peer-node-id"),
        NetOptions.defaults().with(object.object("options").texts()),
        Views.named(ConnectionState.values(), ConnectionState::word, object.text("state")),
        Views.named(Role.values(), Role::word, object.text("peer-role")),
        object.flag("encrypted"),
        object.array("paths").stream().map(Views::asObject).map(ConnectionViews::path).toList(),
        object.array("peer-devices").stream()
            .map(Views::asObject)
            .map(ConnectionViews::peerDevice)
            .toList(),
        new ConnectionStatistics(
            object.flag("congested"),
            object.number("application-in-flight-sectors"),
            object.number("resync-in-flight-sectors")));
  }

  private static Json.Obj options(Map<String, String> values) {
    Json.Obj options = Json.Obj.empty();
    values.forEach(options::with);
    return options;
  }

  private static Json.Obj asJson(PathView path) {
    return Json.Obj.empty()
        .with("local", path.local().toString())
        .with("peer", path.peer().toString())
        .with("established", path.established());
  }

  private static PathView path(Json.Obj object) {
    return new PathView(
        Endpoint.parse(object.text("local")),
        Endpoint.parse(object.text("peer")),
        object.flag("established"));
  }

  private static Json.Obj asJson(PeerDeviceView device) {
    PeerDeviceStatistics statistics = device.statistics();
    Json.Obj object =
        Json.Obj.empty()
            .with("volume", device.volume())
            .with("options", options(device.options().nonDefaults()))
            .with("replication", device.replication().word())
            .with("peer-disk", device.peerDisk().word())
            .with("peer-client", device.peerClient())
            .with("peer-stable", device.peerStable())
            .with(
                "resync-suspended",
                Views.words(
                    ResyncSuspension.values(), device.suspensions(), ResyncSuspension::word))
            .with("received-sectors", statistics.receivedSectors())
            .with("sent-sectors", statistics.sentSectors())
            .with("out-of-sync-sectors", statistics.outOfSyncSectors())
            .with("pending", statistics.pending())
            .with("unacked", statistics.unacked());
    statistics.progress().ifPresent(progress -> object.with("progress", asJson(progress)));
    return object;
  }

  private static PeerDeviceView peerDevice(Json.Obj object) {
    return new PeerDeviceView(
        object.integer("volume"),
        PeerDeviceOptions.defaults().with(object.object("options").texts()),
        Views.named(ReplicationState.values(), ReplicationState::word, object.text("replication")),
        Views.named(DiskState.values(), DiskState::word, object.text("peer-disk")),
        object.flag("peer-client"),
        object.flag("peer-stable"),
        Views.chosen(
            ResyncSuspension.values(), ResyncSuspension::word, object.array("resync-suspended")),
        new PeerDeviceStatistics(
            object.number("received-sectors"),
            object.number("sent-sectors"),
            object.number("out-of-sync-sectors"),
            object.integer("pending"),
            object.integer("unacked"),
            object.has("progress")
                ? Optional.of(progress(object.object("progress")))
                : Optional.empty()));
  }

  private static Json.Obj asJson(SyncProgress progress) {
    Json.Obj object =
        Json.Obj.empty()
            .with("total-sectors", progress.totalSectors())
            .with("failed-sectors", progress.failedSectors())
            .with("same-checksum-sectors", progress.sameChecksumSectors())
            .with("since-start-ms", progress.sinceStartMs())
            .with("paused-ms", progress.pausedMs())
            .with("older-mark-ms", progress.olderMark().agoMs())
            .with("older-mark-sectors", progress.olderMark().sectors())
            .with("younger-mark-ms", progress.youngerMark().agoMs())
            .with("younger-mark-sectors", progress.youngerMark().sectors())
            .with("wanted-kib-per-second", progress.wantedKibPerSecond());
    progress
        .verify()
        .ifPresent(
            verify ->
                object.with(
                    "verify",
                    Json.Obj.empty()
                        .with("start-sector", verify.startSector())
                        .with("stop-sector", verify.stopSector())
                        .with("position-sector", verify.positionSector())
                        .with("left-sectors", verify.leftSectors())
                        .with("skipped-sectors", verify.skippedSectors())));
    return object;
  }

  private static SyncProgress progress(Json.Obj object) {
    return new SyncProgress(
        object.number("total-sectors"),
        object.number("failed-sectors"),
        object.number("same-checksum-sectors"),
        object.number("since-start-ms"),
        object.number("paused-ms"),
        new SyncProgress.Mark(object.number("older-mark-ms"), object.number("older-mark-sectors")),
        new SyncProgress.Mark(
            object.number("younger-mark-ms"), object.number("younger-mark-sectors")),
        object.number("wanted-kib-per-second"),
        object.has("verify") ? Optional.of(verify(object.object("verify"))) : Optional.empty());
  }

  private static SyncProgress.Verify verify(Json.Obj object) {
    return new SyncProgress.Verify(
        object.number("start-sector"),
        object.number("stop-sector"),
        object.number("position-sector"),
        object.number("left-sectors"),
        object.number("skipped-sectors"));
  }
}
