package io.jdrbd.state.sizes;

/**
 * What a node says in P_SIZES (spec 3.2.1), as far as the size is concerned.
 *
 * @param diskSectors d_size: what its disk has room for
 * @param wishSectors u_size: what its administrator wants
 * @param currentSectors c_size: what it exports now; an 8.4 node that resizes says zero
 * @param maxBioBytes its largest request
 * @param flags dds_flags, see the constants
 */
public record ToldSizes(
    long diskSectors, long wishSectors, long currentSectors, int maxBioBytes, int flags) {
  /** Grow although not all peers are there. */
  public static final int ASSUME_PEERS_HAVE_SPACE = 1;

  /** The new space needs no resync. */
  public static final int NO_RESYNC = 2;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
