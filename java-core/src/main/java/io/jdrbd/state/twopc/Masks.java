package io.jdrbd.state.twopc;

/**
 * What the nodes found out about each other (spec 4.10.3).
 *
 * @param reachable nodes that are connected with each other
 * @param primaries those that are Primary; for a change of size, those with a disk
 * @param weak nodes that some Primary is not connected to directly
 * @param maxSectors for a change of size, the most that everybody has room for
 */
public record Masks(long reachable, long primaries, long weak, long maxSectors) {
  /** A node without a disk has room for anything. */
  public static final long ANY_SIZE = 1L << 41;

  Masks and(Masks other) {
    return new Masks(
        reachable | other.reachable,
        primaries | other.primaries,
        weak | other.weak,
        Math.min(maxSectors, other.maxSectors));
  }
}
