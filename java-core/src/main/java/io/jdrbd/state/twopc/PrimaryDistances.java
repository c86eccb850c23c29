package io.jdrbd.state.twopc;

import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;

/** May these nodes be Primary at the same time (spec 4.20)? */
final class PrimaryDistances {
  private PrimaryDistances() {}

  /**
   * Checks.
   *
   * @param primaries all Primaries after the change
   * @param weak nodes that some Primary is not connected to directly
   */
  static Verdict check(long primaries, long weak, View view) {
    if (Long.bitCount(primaries) <= 1) {
      return Verdict.passed("at most one node is Primary");
    }
    String who = "nodes %s would be Primary".formatted(Nodes.text(primaries));
    if (view.twoPrimaries() == 0) {
      return Verdict.refused(
          StateError.TWO_PRIMARIES, who + "; no connection has allow-two-primaries");
    }
    if ((primaries & weak) == 0) {
      return Verdict.passed(who + ", all connected directly with each other");
    }
    long servers = ~weak;
    boolean ownDiskIsPrimary = Nodes.has(primaries, view.self()) && view.hasDisk();
    if (servers == 0 || ownDiskIsPrimary) {
      return Verdict.refused(
          StateError.WEAKLY_CONNECTED, who + ", but not all are connected with each other");
    }
    return (servers & view.connected() & ~view.twoPrimaries()) != 0
        ? Verdict.refused(
            StateError.TWO_PRIMARIES, who + "; a node that serves both does not allow it")
        : Verdict.passed(who + ", without disks, and share their servers");
  }
}
