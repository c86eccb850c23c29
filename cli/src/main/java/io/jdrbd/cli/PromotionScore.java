package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.List;

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
    List<DiskState> disks = resource.volumes().stream().map(VolumeView::disk).toList();
    if (disks.isEmpty() || resource.failingIo()) {
      return NONE;
    }
    if (!disks.stream().allMatch(disk -> disk == DiskState.UP_TO_DATE)) {
      return NONE;
    }
    int copiesOfEach = 1;
    int score = OWN_DISKS + EACH_UP_TO_DATE * Math.min(COUNT_MAX, disks.size()) + copiesOfEach;
    return new PromotionScore(resource.role() != Role.PRIMARY, score);
  }
}
