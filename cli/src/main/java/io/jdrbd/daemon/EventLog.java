package io.jdrbd.daemon;

import io.jdrbd.resource.NodeListener;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.IoSuspension;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Logs one line per thing that has changed in a resource. Used on the node's loop. */
final class EventLog implements NodeListener {
  private static final System.Logger LOG = System.getLogger("io.jdrbd.node");

  private final Map<String, ResourceView> known = new HashMap<>();

  @Override
  public void changed(ResourceView resource) {
    Optional<ResourceView> before = Optional.ofNullable(known.put(resource.name(), resource));
    if (before.isEmpty()) {
      info("%s: created, node id %d".formatted(resource.name(), resource.nodeId()));
    } else {
      compare(before.get(), resource);
    }
    for (VolumeView volume : resource.volumes()) {
      Optional<VolumeView> old = before.flatMap(view -> find(view, volume));
      if (old.isEmpty()) {
        info("%s: created, minor %d".formatted(name(resource, volume), volume.minor()));
      } else {
        compare(name(resource, volume), old.get(), volume);
      }
    }
    ConnectionLog.changes(before, resource).forEach(EventLog::info);
    before.stream()
        .flatMap(view -> view.volumes().stream())
        .filter(volume -> find(resource, volume).isEmpty())
        .forEach(volume -> info(name(resource, volume) + ": deleted"));
  }

  @Override
  public void gone(String name) {
    known.remove(name);
    info(name + ": deleted");
  }

  private static void compare(ResourceView before, ResourceView after) {
    if (before.role() != after.role()) {
      info("%s: role %s -> %s".formatted(after.name(), before.role().word(), after.role().word()));
    }
    if (before.failingIo() != after.failingIo()) {
      info(
          "%s: I/O %s"
              .formatted(after.name(), after.failingIo() ? "fails from now on" : "works again"));
    }
    if (!before.suspensions().equals(after.suspensions())) {
      info("%s: I/O %s".formatted(after.name(), waits(after)));
    }
    if (!before.options().equals(after.options())) {
      info("%s: options %s".formatted(after.name(), after.options()));
    }
  }

  private static String waits(ResourceView resource) {
    return resource.suspensions().isEmpty()
        ? "goes on"
        : "waits: "
            + resource.suspensions().stream()
                .sorted()
                .map(IoSuspension::word)
                .collect(Collectors.joining(", "));
  }

  private static void compare(String name, VolumeView before, VolumeView after) {
    if (before.disk() != after.disk()) {
      info(
          "%s: disk %s -> %s%s"
              .formatted(
                  name,
                  before.disk().word(),
                  after.disk().word(),
                  after.backingDevice().map(path -> " (" + path + ")").orElse("")));
    }
    if (before.open() != after.open()) {
      info("%s: %s".formatted(name, after.open() ? "opened" : "closed"));
    }
  }

  private static Optional<VolumeView> find(ResourceView resource, VolumeView wanted) {
    return resource.volumes().stream()
        .filter(volume -> volume.minor() == wanted.minor())
        .findFirst();
  }

  private static String name(ResourceView resource, VolumeView volume) {
    return resource.name() + "/" + volume.volume();
  }

  private static void info(String text) {
    LOG.log(System.Logger.Level.INFO, text);
  }
}
