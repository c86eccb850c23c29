package io.jdrbd.driver.sim;

import io.jdrbd.sim.SimMedium;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the application has done, and what follows for the contents of the disks: what readers must
 * see, and what must have survived.
 */
final class History {
  private final Register visible = new Register();
  private final Register safe = new Register();
  private final List<Change> all = new ArrayList<>();
  private final List<Change> inFlight = new ArrayList<>();
  private int stamps;
  private long clock;

  /** A change is submitted. */
  Change begin(long firstSector, int sectors, boolean zeroes) {
    int stamp = 0;
    if (!zeroes) {
      stamps++;
      stamp = stamps;
    }
    clock++;
    Change change = new Change(stamp, firstSector, sectors, clock);
    visible.begun(change);
    safe.begun(change);
    all.add(change);
    inFlight.add(change);
    return change;
  }

  /**
   * A change was acknowledged.
   *
   * @param everywhere whether it was promised to be on both nodes
   */
  void acknowledged(Change change, boolean everywhere) {
    end(change);
    visible.certain(change);
    if (everywhere) {
      safe.certain(change);
    }
  }

  /** A change failed: it may have happened or not. */
  void failed(Change change) {
    end(change);
  }

  private void end(Change change) {
    clock++;
    change.end(clock);
    inFlight.remove(change);
  }

  /** A read is submitted: answers what tells, at its end, whether it may have found this stamp. */
  Observation observe(long firstSector, int sectors) {
    List<Set<Integer>> before = new ArrayList<>();
    for (int sector = 0; sector < sectors; sector++) {
      before.add(visible.stamps(firstSector + sector));
    }
    int begun = all.size();
    return (sector, stamp) ->
        before.get((int) (sector - firstSector)).contains(stamp)
            || all.subList(begun, all.size()).stream()
                .anyMatch(change -> change.stamp() == stamp && change.covers(sector));
  }

  /** What a read may find. */
  @FunctionalInterface
  interface Observation {
    boolean mayFind(long sector, int stamp);
  }

  /**
   * The node on which the application ran is dead, or its disk is another: only what is safe is
   * certain.
   */
  void interrupted() {
    List.copyOf(inFlight).forEach(this::end);
    visible.copy(safe);
  }

  /** Nothing is promised any more but that the sectors hold what one of these holds. */
  void forgive(List<SimMedium> media) {
    for (long sector : List.copyOf(safe.written())) {
      for (SimMedium medium : media) {
        int stamp = medium.stamp(sector);
        if (!safe.allows(sector, stamp)) {
          safe.allow(sector, stamp);
        }
        if (!visible.allows(sector, stamp)) {
          visible.allow(sector, stamp);
        }
      }
    }
  }

  /** What was safe on two nodes is lost on both: then it was not promised. */
  void powerLost(SimMedium lost, SimMedium other) {
    for (long sector : List.copyOf(safe.written())) {
      boolean survives =
          safe.allows(sector, lost.stamp(sector)) || safe.allows(sector, other.stamp(sector));
      if (!survives) {
        safe.allow(sector, lost.stamp(sector));
        safe.allow(sector, other.stamp(sector));
      }
    }
  }

  Register visible() {
    return visible;
  }

  Register safe() {
    return safe;
  }

  List<Change> inFlight() {
    return inFlight;
  }

  /** Sectors that are being written just now, or might be. */
  boolean isBusy(long sector) {
    return inFlight.stream().anyMatch(change -> change.covers(sector));
  }

  /** What a disk holds that it must not. */
  void check(SimMedium medium, Register by, Iterable<Long> sectors, String what) {
    for (long sector : sectors) {
      int stamp = medium.stamp(sector);
      if (!by.allows(sector, stamp)) {
        throw new AssertionError(
            "%s: sector %d holds write %d, must be %s"
                .formatted(what, sector, stamp, by.text(sector)));
      }
    }
  }
}
