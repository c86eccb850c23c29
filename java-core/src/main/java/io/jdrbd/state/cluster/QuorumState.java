package io.jdrbd.state.cluster;

/**
 * Quorum of a volume; kept by {@link StateChange}, except that the caller arms {@code restores}.
 *
 * @param enforced as it counts: always true with quorum off
 * @param computed even with quorum off
 * @param restores armed at attach: quorum is assumed until it is there by itself (spec 4.18.3)
 * @param lost this node lost quorum while Primary, and has not got it back
 */
public record QuorumState(boolean enforced, boolean computed, boolean restores, boolean lost) {
  /** There is quorum. */
  public static final QuorumState PRESENT = new QuorumState(true, true, false, false);

  /** The same but for {@link #enforced}. */
  public QuorumState withEnforced(boolean wanted) {
    return new QuorumState(wanted, computed, restores, lost);
  }

  /** The same but for {@link #computed}. */
  public QuorumState withComputed(boolean wanted) {
    return new QuorumState(enforced, wanted, restores, lost);
  }

  /** The same but for {@link #restores}. */
  public QuorumState withRestores(boolean wanted) {
    return new QuorumState(enforced, computed, wanted, lost);
  }

  /** The same but for {@link #lost}. */
  public QuorumState withLost(boolean wanted) {
    return new QuorumState(enforced, computed, restores, wanted);
  }
}
