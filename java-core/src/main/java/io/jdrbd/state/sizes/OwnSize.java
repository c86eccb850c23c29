package io.jdrbd.state.sizes;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;

/**
 * This node's side of an agreement.
 *
 * @param diskSectors what the own disk has room for; 0 without a disk
 * @param exportedSectors what users see now
 * @param agreedSectors what was agreed on last, by the metadata
 * @param wishSectors what the administrator wants
 * @param disk state of the own disk
 * @param role own role
 * @param backingChanged whether the backing device changed its size since it was looked at
 * @param resizePending whether this node began a resize that the peer has not answered yet
 * @param maxBioBytes the largest request that the configuration demands; 0 for no demand
 */
public record OwnSize(
    long diskSectors,
    long exportedSectors,
    long agreedSectors,
    long wishSectors,
    DiskState disk,
    Role role,
    boolean backingChanged,
    boolean resizePending,
    int maxBioBytes) {

  boolean hasDisk() {
    return disk.compareTo(DiskState.NEGOTIATING) >= 0;
  }

  boolean dataIsGood() {
    return disk.compareTo(DiskState.OUTDATED) >= 0;
  }
}
