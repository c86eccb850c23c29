package io.jdrbd.state;

/**
 * What the rules need to know of a volume.
 *
 * @param volume its number in the resource
 * @param disk the state of the own disk
 * @param writers how many have it open for writing
 * @param readers how many have it open for reading only
 */
public record VolumeFacts(int volume, DiskState disk, int writers, int readers) {

  /** Whether current data can be reached. With peers, a peer's UpToDate disk will do, too. */
  boolean hasAccessToData() {
    return disk == DiskState.UP_TO_DATE;
  }
}
