package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of {@code events2} (spec 7, section 11): from states of a resource, before and after,
 * to what is printed. Keys that are printed together when one of them changes are one group, here a
 * string that begins with a blank.
 *
 * @param statistics whether counters are shown
 * @param full whether every change shows all keys, and counters
 */
record Events2Text(boolean statistics, boolean full) {
  private static final String NOT_BLOCKED = " blocked:no";

  /** The lines for a resource that was there at the beginning, devices in reverse order. */
  List<String> exists(ResourceView resource) {
    List<String> lines = new ArrayList<>();
    lines.add("exists " + identity(resource) + String.join("", groups(resource)));
    for (VolumeView volume : resource.volumes().reversed()) {
      lines.add("exists " + identity(resource, volume) + all(volume));
    }
    return lines;
  }

  /**
   * The lines for one atomic change.
   *
   * @param before the resource as it was printed last; empty if it is new
   */
  List<String> changed(Optional<ResourceView> before, ResourceView after) {
    List<String> lines = new ArrayList<>();
    if (before.isEmpty()) {
      lines.add("create " + identity(after) + String.join("", groups(after)));
    } else {
      change(identity(after), groups(before.get()), groups(after)).ifPresent(lines::add);
    }
    for (VolumeView volume : after.volumes()) {
      Optional<VolumeView> old = before.flatMap(resource -> find(resource, volume));
      if (old.isEmpty()) {
        lines.add("create " + identity(after, volume) + all(volume));
      } else {
        change(identity(after, volume), groups(old.get()), groups(volume)).ifPresent(lines::add);
      }
    }
    before.stream()
        .flatMap(resource -> resource.volumes().stream())
        .filter(volume -> find(after, volume).isEmpty())
        .forEach(volume -> lines.add(destroyed(after, volume)));
    return lines;
  }

  /** The lines for a resource that is gone. */
  List<String> gone(ResourceView before) {
    List<String> lines = new ArrayList<>();
    before.volumes().forEach(volume -> lines.add(destroyed(before, volume)));
    lines.add("destroy " + identity(before));
    return lines;
  }

  private Optional<String> change(String identity, List<String> before, List<String> now) {
    if (before.equals(now)) {
      return Optional.empty();
    }
    StringBuilder line = new StringBuilder("change ").append(identity);
    for (int i = 0; i < now.size(); i++) {
      if (full || !before.get(i).equals(now.get(i))) {
        line.append(now.get(i));
      }
    }
    return Optional.of(line.toString());
  }

  private List<String> groups(ResourceView resource) {
    PromotionScore score = PromotionScore.of(resource);
    List<String> groups = new ArrayList<>();
    groups.add(" role:" + resource.role().word());
    groups.add(" suspended:no");
    groups.add(" force-io-failures:" + StatusText.yesNo(resource.failingIo()));
    if (withStatistics()) {
      groups.add(" write-ordering:" + resource.writeOrdering().word());
    }
    groups.add(
        " may_promote:%s promotion_score:%d"
            .formatted(StatusText.yesNo(score.mayPromote()), score.score()));
    return groups;
  }

  private List<String> groups(VolumeView volume) {
    List<String> groups = new ArrayList<>();
    groups.add(
        " backing_dev:%s disk:%s client:%s open:%s quorum:yes"
            .formatted(
                volume.backingDevice().orElse("none"),
                volume.disk().word(),
                StatusText.yesNo(volume.client()),
                StatusText.yesNo(volume.open())));
    if (withStatistics()) {
      groups.add(" " + String.join(" ", Statistics.counters(volume.statistics())));
      groups.add(" " + Statistics.AL_NOT_SUSPENDED);
    }
    return groups;
  }

  private String all(VolumeView volume) {
    return String.join("", groups(volume)) + (withStatistics() ? NOT_BLOCKED : "");
  }

  private boolean withStatistics() {
    return statistics || full;
  }

  private static String identity(ResourceView resource) {
    return "resource name:" + resource.name();
  }

  private static String identity(ResourceView resource, VolumeView volume) {
    return "device name:%s volume:%d minor:%d"
        .formatted(resource.name(), volume.volume(), volume.minor());
  }

  private static String destroyed(ResourceView resource, VolumeView volume) {
    return "destroy device name:%s volume:%d".formatted(resource.name(), volume.volume());
  }

  private static Optional<VolumeView> find(ResourceView resource, VolumeView wanted) {
    return resource.volumes().stream()
        .filter(volume -> volume.volume() == wanted.volume() && volume.minor() == wanted.minor())
        .findFirst();
  }
}
