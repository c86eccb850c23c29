package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeStatistics;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import java.util.Comparator;

/**
 * The text of {@code status} (spec 7, section 10.1).
 *
 * @param width of a line
 * @param verbose how often {@code --verbose} was given
 * @param statistics whether {@code --statistics} was given
 * @param terminal whether standard output is a terminal
 * @param colour whether states are painted
 */
record StatusText(int width, int verbose, boolean statistics, boolean terminal, boolean colour) {
  static final int DEFAULT_WIDTH = 80;
  static final String NOTHING = "# No currently configured DRBD found.\n";

  private static final int RESOURCE_CONTINUED = 4;
  private static final int DEVICE = 2;
  private static final int DEVICE_CONTINUED = 6;

  String of(ResourceView resource) {
    FilledLines lines = new FilledLines(width);
    resourceLine(lines, resource);
    resource.volumes().forEach(volume -> device(lines, resource, volume));
    ConnectionText connections = new ConnectionText(this, resource, lines);
    resource.connections().stream()
        .sorted(Comparator.comparing(ConnectionView::name))
        .forEach(connections::add);
    lines.endLine();
    return lines.toString();
  }

  private void resourceLine(FilledLines lines, ResourceView resource) {
    lines.first(0, resource.name());
    if (isVerbose()) {
      lines.word(RESOURCE_CONTINUED, "node-id:" + resource.nodeId());
    }
    lines.word(
        RESOURCE_CONTINUED,
        "role:" + resource.role().word(),
        colour ? Paint.of(resource.role()) : Paint.plain());
    if (isVerbose() || !resource.suspensions().isEmpty()) {
      lines.word(RESOURCE_CONTINUED, "suspended:" + StateWords.suspended(resource));
    }
    if (isVerbose() || resource.failingIo()) {
      lines.word(RESOURCE_CONTINUED, "force-io-failures:" + StateWords.yesNo(resource.failingIo()));
    }
    lines.endLine();
    if (isVerbose() && statistics) {
      lines.word(RESOURCE_CONTINUED, "write-ordering:" + resource.writeOrdering().word());
      lines.endLine();
    }
  }

  private void device(FilledLines lines, ResourceView resource, VolumeView volume) {
    boolean numbered = isVerbose() || resource.volumes().size() > 1 || volume.volume() != 0;
    int indent = DEVICE;
    if (numbered) {
      lines.word(indent, "volume:" + volume.volume());
      indent = DEVICE_CONTINUED;
    }
    if (isVerbose()) {
      lines.word(indent, "minor:" + volume.minor());
    }
    lines.word(
        indent, "disk:" + volume.disk().word(), colour ? Paint.of(volume.disk()) : Paint.plain());
    if (volume.disk() == DiskState.DISKLESS && (isVerbose() || !terminal)) {
      lines.word(DEVICE_CONTINUED, "client:" + StateWords.yesNo(volume.client()));
    }
    if (isVerbose()) {
      lines.word(DEVICE_CONTINUED, "backing_dev:" + volume.backingDevice().orElse("none"));
    }
    if (isVerbose() || !volume.quorum()) {
      lines.word(DEVICE_CONTINUED, "quorum:" + StateWords.yesNo(volume.quorum()));
    }
    lines.word(DEVICE_CONTINUED, "open:" + StateWords.yesNo(volume.open()));
    lines.endLine();
    deviceStatistics(lines, volume.statistics());
  }

  private void deviceStatistics(FilledLines lines, VolumeStatistics numbers) {
    if (statistics && isVerbose()) {
      Statistics.counters(numbers).forEach(word -> lines.word(DEVICE_CONTINUED, word));
      lines.word(DEVICE_CONTINUED, Statistics.AL_NOT_SUSPENDED);
    } else if (statistics) {
      lines.word(DEVICE_CONTINUED, "read:" + Statistics.kib(numbers.readBytes()));
      lines.word(DEVICE_CONTINUED, "written:" + Statistics.kib(numbers.writtenBytes()));
    }
    if (isVerbose()) {
      lines.word(DEVICE_CONTINUED, "blocked:no");
    }
    if (statistics || isVerbose()) {
      lines.endLine();
    }
  }

  boolean isVerbose() {
    return verbose > 0;
  }
}
