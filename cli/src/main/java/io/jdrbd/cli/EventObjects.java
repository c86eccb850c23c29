package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.util.ArrayList;
import java.util.List;

/**
 * From the views of objects to what {@code events2} prints of them (spec 7, section 11.1).
 *
 * @param statistics whether counters are shown
 */
record EventObjects(boolean statistics) {
  private static final String NOT_BLOCKED = " blocked:no";

  EventObject resource(ResourceView resource) {
    PromotionScore score = PromotionScore.of(resource);
    List<String> groups = new ArrayList<>();
    groups.add(" role:" + resource.role().word());
    groups.add(" suspended:" + StateWords.suspended(resource));
    groups.add(" force-io-failures:" + StateWords.yesNo(resource.failingIo()));
    if (statistics) {
      groups.add(" write-ordering:" + resource.writeOrdering().word());
    }
    groups.add(
        " may_promote:%s promotion_score:%d"
            .formatted(StateWords.yesNo(score.mayPromote()), score.score()));
    return EventObject.of("resource name:" + resource.name(), groups);
  }

  EventObject device(ResourceView resource, VolumeView volume) {
    List<String> groups = new ArrayList<>();
    groups.add(
        " backing_dev:%s disk:%s client:%s open:%s quorum:%s"
            .formatted(
                volume.backingDevice().orElse("none"),
                volume.disk().word(),
                StateWords.yesNo(volume.client()),
                StateWords.yesNo(volume.open()),
                StateWords.yesNo(volume.quorum())));
    if (statistics) {
      groups.add(" " + String.join(" ", Statistics.counters(volume.statistics())));
      groups.add(" " + Statistics.AL_NOT_SUSPENDED);
    }
    String name = "device name:%s volume:%d".formatted(resource.name(), volume.volume());
    return new EventObject(
        name + " minor:" + volume.minor(), name, groups, statistics ? NOT_BLOCKED : "");
  }

  EventObject connection(ResourceView resource, ConnectionView connection) {
    List<String> groups = new ArrayList<>();
    groups.add(" connection:" + connection.state().word());
    groups.add(" role:" + connection.peerRole().word());
    if (statistics) {
      groups.add(
          " congested:%s ap-in-flight:%d rs-in-flight:%d"
              .formatted(
                  StateWords.yesNo(connection.statistics().congested()),
                  connection.statistics().applicationInFlightSectors(),
                  connection.statistics().resyncInFlightSectors()));
    }
    return EventObject.of("connection " + peer(resource, connection), groups);
  }

  EventObject peerDevice(ResourceView resource, ConnectionView connection, PeerDeviceView device) {
    SyncFigures figures = new SyncFigures(device, ConnectionText.sizeSectors(resource, device));
    List<String> groups = new ArrayList<>();
    groups.add(" replication:" + device.replication().word());
    groups.add(
        " peer-disk:%s peer-client:%s"
            .formatted(device.peerDisk().word(), StateWords.yesNo(device.peerClient())));
    groups.add(" resync-suspended:" + StateWords.resyncSuspended(device));
    groups.add(figures.running() ? " done:" + figures.done() : "");
    if (statistics) {
      groups.add(counters(device.statistics(), figures));
    }
    return EventObject.of(
        "peer-device %s volume:%d".formatted(peer(resource, connection), device.volume()), groups);
  }

  private static String counters(PeerDeviceStatistics numbers, SyncFigures figures) {
    String speed =
        figures
            .details()
            .map(
                progress ->
                    " dbdt1:%s eta:%s"
                        .formatted(
                            SyncFigures.speed(progress.youngerMark()),
                            figures.secondsLeft(progress, "nan")))
            .orElse("");
    return " received:%d sent:%d out-of-sync:%d pending:%d unacked:%d%s"
        .formatted(
            StateWords.kib(numbers.receivedSectors()),
            StateWords.kib(numbers.sentSectors()),
            StateWords.kib(numbers.outOfSyncSectors()),
            numbers.pending(),
            numbers.unacked(),
            speed);
  }

  static EventObject path(ResourceView resource, ConnectionView connection, PathView path) {
    return EventObject.of(
        "path %s local:%s peer:%s".formatted(peer(resource, connection), path.local(), path.peer()),
        List.of(" established:" + StateWords.yesNo(path.established())));
  }

  private static String peer(ResourceView resource, ConnectionView connection) {
    return "name:%s peer-node-id:%d conn-name:%s"
        .formatted(resource.name(), connection.peerNodeId(), connection.name());
  }
}
