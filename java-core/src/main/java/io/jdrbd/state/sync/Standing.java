package io.jdrbd.state.sync;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.List;

/** What a node says of its place beside Primaries (spec 3.9.5): stable or not, who is weak. */
public final class Standing {

  /**
   * A connected peer.
   *
   * @param nodeId of the peer
   * @param role of the peer
   * @param disk of the peer for the volume
   */
  public record Neighbour(int nodeId, Role role, DiskState disk) {}

  private Standing() {}

  /** Whether the own content does not change by others: flag STABLE. */
  public static boolean isStable(Role own, List<Neighbour> connected) {
    return own == Role.PRIMARY || primaries(connected) == 0;
  }

  /**
   * The mask of nodes that goes with the identifiers: for a Primary those that do not get its
   * writes, nodes that do not exist included; for an unstable node the Primaries that it hears.
   */
  public static long nodeMask(int self, Role own, DiskState disk, List<Neighbour> connected) {
    if (own == Role.PRIMARY) {
      return weakNodes(self, disk, connected);
    }
    return primaries(connected);
  }

  /** All nodes but those that get a Primary's writes. */
  public static long weakNodes(int self, DiskState disk, List<Neighbour> connected) {
    long strong = disk == DiskState.UP_TO_DATE ? 1L << self : 0;
    for (Neighbour peer : connected) {
      boolean getsWrites =
          switch (peer.disk()) {
            case NEGOTIATING, INCONSISTENT, CONSISTENT, UP_TO_DATE -> true;
            case DISKLESS, ATTACHING, DETACHING, FAILED, OUTDATED, D_UNKNOWN -> false;
          };
      strong |= getsWrites ? 1L << peer.nodeId() : 0;
    }
    return ~strong;
  }

  private static long primaries(List<Neighbour> connected) {
    return connected.stream()
        .filter(peer -> peer.role() == Role.PRIMARY)
        .mapToLong(peer -> 1L << peer.nodeId())
        .reduce(0, (a, b) -> a | b);
  }
}
