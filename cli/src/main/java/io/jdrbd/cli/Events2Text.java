package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.ResourceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of {@code events2} (spec 7, section 11.2): from states of a resource, before and after,
 * to what is printed, in which order.
 *
 * @param statistics whether counters are shown
 * @param full whether every change shows all keys, and counters
 */
record Events2Text(boolean statistics, boolean full) {

  /** The lines for a resource that was there at the beginning, each list in reverse order. */
  List<String> exists(ResourceView resource) {
    List<EventObject> all = new ArrayList<>();
    all.add(objects().resource(resource));
    all.addAll(connections(resource).reversed());
    all.addAll(devices(resource).reversed());
    for (ConnectionView connection : resource.connections().reversed()) {
      all.addAll(peerDevices(resource, connection).reversed());
      all.addAll(paths(resource, connection).reversed());
    }
    return all.stream().map(object -> object.whole("exists")).toList();
  }

  /**
   * The lines for one atomic change.
   *
   * @param before the resource as it was printed last; empty if it is new
   */
  List<String> changed(Optional<ResourceView> before, ResourceView after) {
    List<EventObject> old = before.map(this::inOrder).orElse(List.of());
    List<String> lines = new ArrayList<>();
    for (EventObject object : inOrder(after)) {
      find(old, object)
          .map(known -> object.change(known, full))
          .orElseGet(() -> Optional.of(object.whole("create")))
          .ifPresent(lines::add);
    }
    before.ifPresent(view -> lines.addAll(destroyed(view, after)));
    return lines;
  }

  /** The lines for a resource that is gone. */
  List<String> gone(ResourceView before) {
    List<EventObject> lost = new ArrayList<>();
    before.connections().forEach(connection -> lost.addAll(paths(before, connection)));
    lost.addAll(connections(before));
    lost.addAll(devices(before));
    lost.add(objects().resource(before));
    return lost.stream().map(EventObject::destroy).toList();
  }

  /** Objects that are gone: paths, peer devices unless their connection is, and so on. */
  private List<String> destroyed(ResourceView before, ResourceView after) {
    List<EventObject> now = inOrder(after);
    List<EventObject> candidates = new ArrayList<>();
    before.connections().forEach(connection -> candidates.addAll(paths(before, connection)));
    before.connections().stream()
        .filter(connection -> after.connection(connection.peerNodeId()).isPresent())
        .forEach(connection -> candidates.addAll(peerDevices(before, connection)));
    candidates.addAll(connections(before));
    candidates.addAll(devices(before));
    return candidates.stream()
        .filter(object -> find(now, object).isEmpty())
        .map(EventObject::destroy)
        .toList();
  }

  private List<EventObject> inOrder(ResourceView resource) {
    List<EventObject> all = new ArrayList<>();
    all.add(objects().resource(resource));
    all.addAll(connections(resource));
    all.addAll(devices(resource));
    for (ConnectionView connection : resource.connections()) {
      all.addAll(peerDevices(resource, connection));
      all.addAll(paths(resource, connection));
    }
    return all;
  }

  private static Optional<EventObject> find(List<EventObject> objects, EventObject wanted) {
    return objects.stream().filter(wanted::isSame).findFirst();
  }

  private List<EventObject> connections(ResourceView resource) {
    return resource.connections().stream()
        .map(connection -> objects().connection(resource, connection))
        .toList();
  }

  private List<EventObject> devices(ResourceView resource) {
    return resource.volumes().stream().map(volume -> objects().device(resource, volume)).toList();
  }

  private List<EventObject> peerDevices(ResourceView resource, ConnectionView connection) {
    return connection.peerDevices().stream()
        .map(device -> objects().peerDevice(resource, connection, device))
        .toList();
  }

  private static List<EventObject> paths(ResourceView resource, ConnectionView connection) {
    return connection.paths().stream()
        .map(path -> EventObjects.path(resource, connection, path))
        .toList();
  }

  private EventObjects objects() {
    return new EventObjects(statistics || full);
  }
}
