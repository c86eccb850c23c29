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
  /** More than any run writes. */
  private static final int STAMPS_OF_FORK = 1 << 20;

  private final Register visible = Register.ofEmptyDisk();
  private final Register safe = Register.ofEmptyDisk();
  private final List<Change> all = new ArrayList<>();
  private final List<Change> inFlight = new ArrayList<>();
  private final List<Change> acknowledged = new ArrayList<>();
  private Register durable = Register.ofAnyDisk();
  private int stamps;
  private int forks;
  private long clock;

  /** What another node knows of it, and how it goes on there, with stamps of its own. */
  History fork() {
    forks++;
    History other = new History();
    other.stamps = forks * STAMPS_OF_FORK;
    other.clock = clock;
    other.visible.copy(safe);
    return other;
  }

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
    durable.begun(change);
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
    acknowledged.add(change);
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

  /** The application begins to work on a node: nothing is known of what that has flushed. */
  void movesTo() {
    interrupted();
    acknowledged.clear();
    durable = Register.ofAnyDisk();
  }

  /** What has been acknowledged so far: a flush that begins now makes it durable. */
  List<Change> acknowledgedSoFar() {
    List<Change> ended = new ArrayList<>(acknowledged);
    acknowledged.clear();
    return ended;
  }

  /** These survive a loss of power of the node that the application works on. */
  void durable(List<Change> changes) {
    changes.forEach(durable::certain);
  }

  /**
   * The node on which the application worked has lost power. What it had flushed must be left; the
   * rest is gone for good if that node goes on.
   */
  void powerLost(SimMedium primary) {
    check(primary, durable, List.copyOf(durable.written()), "after a loss of power");
    for (long sector : List.copyOf(safe.written())) {
      int stamp = primary.stamp(sector);
      if (!safe.allows(sector, stamp)) {
        safe.allow(sector, stamp);
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
