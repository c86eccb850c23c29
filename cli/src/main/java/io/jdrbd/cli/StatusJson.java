package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.IoSuspension;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The text of {@code status --json}, to the byte as {@code drbdsetup} lays it out (10.2). */
final class StatusJson {
  private StatusJson() {}

  static String of(List<ResourceView> resources) {
    return resources.stream()
        .map(StatusJson::resource)
        .collect(Collectors.joining(",\n"))
        .transform(body -> "[\n" + body + "]\n\n");
  }

  private static String resource(ResourceView resource) {
    return """
    {
      "name": "%s",
      "node-id": %d,
      "role": "%s",
      "suspended": %b,
      "suspended-user": %b,
      "suspended-no-data": %b,
      "suspended-fencing": %b,
      "suspended-quorum": %b,
      "force-io-failures": %b,
      "write-ordering": "%s",
      "devices": [
    %s ],
      "connections": [
    %s ]
    }
    """
        .formatted(
            resource.name(),
            resource.nodeId(),
            resource.role().word(),
            !resource.suspensions().isEmpty(),
            resource.suspensions().contains(IoSuspension.USER),
            resource.suspensions().contains(IoSuspension.NO_DATA),
            resource.suspensions().contains(IoSuspension.FENCING),
            resource.suspensions().contains(IoSuspension.QUORUM),
            resource.failingIo(),
            resource.writeOrdering().word(),
            devices(resource.volumes()),
            resource.connections().stream()
                .sorted(Comparator.comparing(ConnectionView::name))
                .map(connection -> ConnectionJson.of(resource, connection))
                .collect(Collectors.joining(",\n")));
  }

  private static String devices(List<VolumeView> volumes) {
    return volumes.stream().map(StatusJson::device).collect(Collectors.joining(",\n"));
  }

  private static String device(VolumeView volume) {
    var numbers = volume.statistics();
    return """
        {
          "volume": %d,
          "minor": %d,
          "disk-state": "%s",
          "client": %b,
          "open": %b,
          "quorum": %b,
          "size": %d,
          "read": %d,
          "written": %d,
          "al-writes": %d,
          "bm-writes": %d,
          "upper-pending": %d,
          "lower-pending": %d
        }\
    """
        .formatted(
            volume.volume(),
            volume.minor(),
            volume.disk().word(),
            volume.client(),
            volume.open(),
            volume.quorum(),
            Statistics.kib(numbers.sizeBytes()),
            Statistics.kib(numbers.readBytes()),
            Statistics.kib(numbers.writtenBytes()),
            numbers.alWrites(),
            numbers.bitmapWrites(),
            numbers.upperPending(),
            numbers.lowerPending());
  }
}
