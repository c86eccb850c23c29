package io.jdrbd.resource;

import io.jdrbd.state.DiskState;
import java.util.Optional;

/**
 * What can be seen of a volume at one moment.
 *
 * @param volume its number in the resource, 0 to 65534
 * @param minor its number in the host, 0 to 1048575
 * @param client whether it is diskless by intention
 * @param backing its disk, while one is attached
 * @param open whether anybody has it open
 * @param quorum whether enough nodes can be reached for it
 * @param statistics what changes all the time
 */
public record VolumeView(
    int volume,
    int minor,
    DiskState disk,
    boolean client,
    Optional<BackingView> backing,
    boolean open,
    boolean quorum,
    VolumeStatistics statistics) {

  /** The path of its disk, while one is attached. */
  public Optional<String> backingDevice() {
    return backing.map(BackingView::path);
  }

  VolumeView withoutStatistics() {
    return new VolumeView(
        volume, minor, disk, client, backing, open, quorum, VolumeStatistics.none());
  }
}
