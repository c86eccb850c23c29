package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;

/** What the superblock's flags become at a state change of a DRBD 9 node (spec 5.4.5). */
public final class FlagRules {
  private FlagRules() {}

  /** The state of the own disk, as far as the flags look at it; worst first. */
  public enum Disk {
    /** No disk, or it is being given up: says nothing about the data. */
    DISKLESS,
    ATTACHING,
    DETACHING,
    FAILED,
    NEGOTIATING,
    INCONSISTENT,
    OUTDATED,
    UNKNOWN,
    CONSISTENT,
    UP_TO_DATE
  }

  /**
   * The facts after the state change.
   *
   * @param disk the new state of the own disk
   * @param primary whether this node is Primary
   * @param peerPrimary whether any peer is
   * @param detachesInOrder the disk is being detached, and not by force
   * @param crashedPrimary the marker in memory
   * @param lostQuorum the marker in memory
   * @param quorum whether there is quorum; true where it is off
   * @param upToDateElsewhere somebody is Primary and UpToDate data is on another node
   * @param peerWritesInFlight a peer's write may still be on its way to this disk
   */
  public record Facts(
      Disk disk,
      boolean primary,
      boolean peerPrimary,
      boolean detachesInOrder,
      boolean crashedPrimary,
      boolean lostQuorum,
      boolean quorum,
      boolean upToDateElsewhere,
      boolean peerWritesInFlight) {}

  /**
   * The flags afterwards.
   *
   * @param before as they were
   * @param present the disk's state before the change
   */
  public static DeviceFlags after(DeviceFlags before, Disk present, Facts facts) {
    if (present.compareTo(Disk.DETACHING) < 0 || facts.disk() == Disk.NEGOTIATING) {
      return before;
    }
    DeviceFlags flags =
        before
            .without(DeviceFlag.AL_CLEAN)
            .set(
                DeviceFlag.CRASHED_PRIMARY,
                facts.crashedPrimary() || (facts.primary() && !facts.detachesInOrder()))
            .set(DeviceFlag.PRIMARY_LOST_QUORUM, facts.lostQuorum())
            .set(DeviceFlag.HAVE_QUORUM, facts.quorum());
    return primaryIndication(upToDate(consistent(flags, facts), facts), facts);
  }

  private static DeviceFlags consistent(DeviceFlags flags, Facts facts) {
    return facts.disk().compareTo(Disk.INCONSISTENT) < 0
        ? flags
        : flags.set(DeviceFlag.CONSISTENT, facts.disk() != Disk.INCONSISTENT);
  }

  private static DeviceFlags upToDate(DeviceFlags flags, Facts facts) {
    return switch (facts.disk()) {
      case UNKNOWN, CONSISTENT, UP_TO_DATE -> flags.with(DeviceFlag.WAS_UP_TO_DATE);
      case INCONSISTENT, OUTDATED -> flags.without(DeviceFlag.WAS_UP_TO_DATE);
      case FAILED, DETACHING ->
          facts.upToDateElsewhere() ? flags.without(DeviceFlag.WAS_UP_TO_DATE) : flags;
      case DISKLESS, ATTACHING, NEGOTIATING -> flags;
    };
  }

  private static DeviceFlags primaryIndication(DeviceFlags flags, Facts facts) {
    if (facts.primary() && !facts.detachesInOrder()) {
      return flags.with(DeviceFlag.PRIMARY_IND);
    }
    if (facts.peerPrimary() && !facts.detachesInOrder()) {
      return flags.with(DeviceFlag.PRIMARY_IND);
    }
    boolean mayClear = facts.detachesInOrder() || facts.disk().compareTo(Disk.INCONSISTENT) >= 0;
    return mayClear && !facts.peerWritesInFlight() ? flags.without(DeviceFlag.PRIMARY_IND) : flags;
  }
}
