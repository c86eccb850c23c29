package io.jdrbd.driver.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What each sector may hold: the data of every change that was not surely replaced by a later one.
 */
final class Register {
  /** What every sector holds in the beginning. */
  private static final Change NOTHING_WRITTEN = created();

  /** Stands for whatever it was. */
  private static final Change ANYTHING = created();

  private final Map<Long, List<Change>> sectors = new HashMap<>();
  private final Change first;

  private Register(Change first) {
    this.first = first;
  }

  /** Of disks that hold nothing yet. */
  static Register ofEmptyDisk() {
    return new Register(NOTHING_WRITTEN);
  }

  /** Of a disk about which nothing is known yet. */
  static Register ofAnyDisk() {
    return new Register(ANYTHING);
  }

  private static Change created() {
    Change change = new Change(0, 0, 0, -1);
    change.end(-1);
    return change;
  }

  private List<Change> candidates(long sector) {
    return sectors.computeIfAbsent(sector, key -> new ArrayList<>(List.of(first)));
  }

  /** It may be there from now on. */
  void begun(Change change) {
    for (long sector = change.firstSector(); sector < change.endSector(); sector++) {
      candidates(sector).add(change);
    }
  }

  /** It is there for certain: what was over before it began is not any more. */
  void certain(Change change) {
    for (long sector = change.firstSector(); sector < change.endSector(); sector++) {
      candidates(sector).removeIf(other -> other.isBefore(change));
    }
  }

  /** From now on the sector may hold this too. */
  void allow(long sector, int stamp) {
    Change found = new Change(stamp, sector, 1, -1);
    found.end(-1);
    candidates(sector).add(found);
  }

  boolean allows(long sector, int stamp) {
    List<Change> candidates = sectors.get(sector);
    if (candidates == null) {
      return stamp == first.stamp() || first.equals(ANYTHING);
    }
    for (Change candidate : candidates) {
      if (candidate.stamp() == stamp || candidate.equals(ANYTHING)) {
        return true;
      }
    }
    return false;
  }

  /** What a sector may hold, for people. */
  String text(long sector) {
    return candidates(sector).stream().map(Change::toString).collect(Collectors.joining(", or "));
  }

  /** The sectors that anything was written to. */
  Collection<Long> written() {
    return sectors.keySet();
  }

  /** What one sector may hold just now. */
  Set<Integer> stamps(long sector) {
    return candidates(sector).stream().map(Change::stamp).collect(Collectors.toSet());
  }

  /** Becomes the same as another. */
  void copy(Register other) {
    sectors.clear();
    other.sectors.forEach((sector, changes) -> sectors.put(sector, new ArrayList<>(changes)));
  }
}
