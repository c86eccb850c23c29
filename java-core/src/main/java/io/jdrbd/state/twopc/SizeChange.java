package io.jdrbd.state.twopc;

import io.jdrbd.state.sizes.ToldSizes;

/**
 * How a volume is to be resized (spec 4.21).
 *
 * @param userSectors the size that was asked for; 0 for all that everybody has
 * @param flags dds_flags, as in {@link ToldSizes}
 */
public record SizeChange(long userSectors, int flags) {
  /** Belongs to a change of state. */
  public static final SizeChange NONE = new SizeChange(0, 0);

  /** Whether peers that are away are taken to have the room. */
  public boolean assumesSpace() {
    return (flags & ToldSizes.ASSUME_PEERS_HAVE_SPACE) != 0;
  }

  /** Whether what is new counts as equal everywhere. */
  public boolean assumesClean() {
    return (flags & ToldSizes.NO_RESYNC) != 0;
  }
}
