package io.jdrbd.state;

import java.util.function.Predicate;

/** Which role changes pass (spec 4, "Soft rules" and "Role changes"). */
public final class RoleRules {
  private RoleRules() {}

  /**
   * May this node become Primary?
   *
   * @param force accept disks that are Inconsistent, Outdated or Consistent: they count as current
   *     from then on
   */
  public static Verdict promote(ResourceFacts resource, boolean force) {
    if (resource.role() == Role.PRIMARY) {
      return Verdict.passed("is Primary already");
    }
    if (resource.failingIo()) {
      return Verdict.refused(
          StateError.DEVICE_IN_USE,
          "it was demoted by force and is still open; close it everywhere first");
    }
    Predicate<VolumeFacts> usable =
        volume -> volume.hasAccessToData() || (force && mayBeForced(volume.disk()));
    return resource.volumes().stream()
        .filter(usable.negate())
        .findFirst()
        .map(volume -> Verdict.refused(StateError.NO_UP_TO_DATE_DISK, noData(volume)))
        .orElse(Verdict.passed(force ? "forced" : "all volumes have UpToDate data"));
  }

  /** Whether a forced promotion may declare such a disk UpToDate. */
  public static boolean mayBeForced(DiskState disk) {
    return switch (disk) {
      case INCONSISTENT, OUTDATED, CONSISTENT -> true;
      case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, D_UNKNOWN, UP_TO_DATE -> false;
    };
  }

  /**
   * May this node become Secondary?
   *
   * @param force although a volume is open for writing
   */
  public static Verdict demote(ResourceFacts resource, boolean force) {
    if (resource.role() == Role.SECONDARY) {
      return Verdict.passed("is Secondary already");
    }
    if (force) {
      return Verdict.passed("forced");
    }
    return resource.volumes().stream()
        .filter(volume -> volume.writers() > 0)
        .findFirst()
        .map(
            volume ->
                Verdict.refused(
                    StateError.DEVICE_IN_USE,
                    "volume %d is open for writing (%d times)"
                        .formatted(volume.volume(), volume.writers())))
        .orElse(Verdict.passed("no volume is open for writing"));
  }

  private static String noData(VolumeFacts volume) {
    return "volume %d: the disk is %s and there is no peer"
        .formatted(volume.volume(), volume.disk().word());
  }
}
