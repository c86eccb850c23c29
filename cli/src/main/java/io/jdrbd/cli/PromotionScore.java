package io.jdrbd.cli;

import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.List;
import java.util.stream.Stream;

/**
 * How well this node would do as Primary (spec 7, section 11.2).
 *
 * @param mayPromote whether a promotion would succeed
 * @param score 0 if there is no data; higher is better
 */
record PromotionScore(boolean mayPromote, int score) {
  private static final int OWN_DISKS = 10_000;
  private static final int EACH_UP_TO_DATE = 100;
  private static final int COUNT_MAX = 99;
  private static final PromotionScore NONE = new PromotionScore(false, 0);

  static PromotionScore of(ResourceView resource) {
    List<VolumeView> volumes = resource.volumes();
    int copiesOfEach =
        volumes.stream().mapToInt(volume -> upToDateCopies(resource, volume)).min().orElse(0);
    if (copiesOfEach == 0
        || resource.failingIo()
        || !volumes.stream().allMatch(VolumeView::quorum)) {
      return NONE;
    }
    long upToDateHere = volumes.stream().filter(PromotionScore::isUpToDate).count();
    int score =
        (volumes.stream().allMatch(PromotionScore::isUsable) ? OWN_DISKS : 0)
            + EACH_UP_TO_DATE * (int) Math.min(COUNT_MAX, upToDateHere)
            + Math.min(COUNT_MAX, copiesOfEach);
    return new PromotionScore(
        nobodyIsPrimary(resource) && volumes.stream().allMatch(volume -> isSafe(resource, volume)),
        score);
  }

  private static boolean nobodyIsPrimary(ResourceView resource) {
    return resource.role() != Role.PRIMARY
        && resource.connections().stream()
            .noneMatch(connection -> connection.peerRole() == Role.PRIMARY);
  }

  private static int upToDateCopies(ResourceView resource, VolumeView volume) {
    long peers =
        peers(resource, volume).filter(peer -> peer.peerDisk() == DiskState.UP_TO_DATE).count();
    return (int) peers + (isUpToDate(volume) ? 1 : 0);
  }

  /** Whether its data is UpToDate here, or on a peer where nothing can change it. */
  private static boolean isSafe(ResourceView resource, VolumeView volume) {
    return isUpToDate(volume)
        || peers(resource, volume)
            .anyMatch(peer -> peer.peerDisk() == DiskState.UP_TO_DATE && peer.peerStable());
  }

  private static Stream<PeerDeviceView> peers(ResourceView resource, VolumeView volume) {
    return resource.connections().stream()
        .flatMap(connection -> connection.peerDevice(volume.volume()).stream());
  }

  private static boolean isUpToDate(VolumeView volume) {
    return volume.disk() == DiskState.UP_TO_DATE;
  }

  private static boolean isUsable(VolumeView volume) {
    return switch (volume.disk()) {
      case UP_TO_DATE, CONSISTENT, INCONSISTENT -> true;
      case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, OUTDATED, D_UNKNOWN -> false;
    };
  }
}
