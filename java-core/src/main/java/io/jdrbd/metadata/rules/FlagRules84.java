package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;

/** What the superblock's flags become at a state change of a DRBD 8.4 node (spec 5.3.1). */
public final class FlagRules84 {
  private FlagRules84() {}

  /**
   * The flags afterwards, but for those about the peer: see {@link PeerFlagRules}.
   *
   * @param before as they were
   * @param facts after the state change; those about quorum have no meaning here
   */
  public static DeviceFlags after(DeviceFlags before, FlagRules.Facts facts) {
    if (facts.disk().compareTo(FlagRules.Disk.INCONSISTENT) < 0) {
      return facts.detachesInOrder() && !facts.peerWritesInFlight()
          ? before.without(DeviceFlag.PRIMARY_IND)
          : before;
    }
    boolean wasPrimary = before.has(DeviceFlag.PRIMARY_IND) && facts.peerWritesInFlight();
    return before
        .without(DeviceFlag.AL_CLEAN)
        .set(DeviceFlag.CONSISTENT, facts.disk() != FlagRules.Disk.INCONSISTENT)
        .set(DeviceFlag.WAS_UP_TO_DATE, facts.disk().compareTo(FlagRules.Disk.OUTDATED) > 0)
        .set(DeviceFlag.PRIMARY_IND, facts.primary() || facts.peerPrimary() || wasPrimary)
        .set(DeviceFlag.CRASHED_PRIMARY, facts.crashedPrimary());
  }
}
