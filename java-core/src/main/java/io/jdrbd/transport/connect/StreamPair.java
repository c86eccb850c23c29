package io.jdrbd.transport.connect;

import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.StreamKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The sockets that have been found so far, and the path that they belong to. */
final class StreamPair<S extends Candidate> {
  private final Map<StreamKind, Slot<S>> slots = new EnumMap<>(StreamKind.class);
  private Optional<PathAddresses> path = Optional.empty();
  private boolean resolveConflicts;

  /**
   * A socket that has been found.
   *
   * @param dialled this node opened it, at {@code sinceNs} of the loop's time
   */
  record Slot<S>(S socket, boolean dialled, long sinceNs) {}

  /** On which path they are; empty while there is none. */
  Optional<PathAddresses> path() {
    return path;
  }

  /** Whether this node accepted CONTROL. */
  boolean resolveConflicts() {
    return resolveConflicts;
  }

  Optional<Slot<S>> get(StreamKind kind) {
    return Optional.ofNullable(slots.get(kind));
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  boolean isComplete() {
    return slots.size() == StreamKind.values().length;
  }

  void put(StreamKind kind, PathAddresses on, Slot<S> slot) {
    Slot<S> replaced = slots.put(kind, slot);
    if (replaced != null) {
      replaced.socket.close();
    }
    path = Optional.of(on);
    if (kind == StreamKind.CONTROL) {
      resolveConflicts = !slot.dialled;
    }
  }

  /** Sockets of another path are closed: a connection is on one path. */
  void moveTo(PathAddresses other) {
    if (path.isPresent() && !path.get().equals(other)) {
      clear();
    }
  }

  /** Closes what does not stand any more. */
  void dropDead() {
    slots
        .values()
        .removeIf(
            slot -> {
              boolean dead = !slot.socket.isEstablished();
              if (dead) {
                slot.socket.close();
              }
              return dead;
            });
    if (slots.isEmpty()) {
      path = Optional.empty();
    }
  }

  /** Closes both. */
  void clear() {
    slots.values().forEach(slot -> slot.socket.close());
    slots.clear();
    path = Optional.empty();
  }
}
