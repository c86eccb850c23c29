package io.jdrbd.state;

/** Which changes of a disk's state pass (spec 4, "Soft rules", 11 and 12). */
public final class DiskRules {
  private DiskRules() {}

  /** May a disk be attached to this volume? */
  public static Verdict attach(VolumeFacts volume) {
    return switch (volume.disk()) {
      case DISKLESS -> Verdict.passed("is diskless");
      case ATTACHING, DETACHING, FAILED ->
          Verdict.refused(
              StateError.IN_TRANSIENT_STATE, "the disk is " + volume.disk().word() + " just now");
      case NEGOTIATING, INCONSISTENT, OUTDATED, D_UNKNOWN, CONSISTENT, UP_TO_DATE ->
          Verdict.refused(
              ConfigError.DISK_CONFIGURED, "the disk is " + volume.disk().word() + " already");
    };
  }

  /**
   * May the disk of this volume be detached?
   *
   * @param role of the resource
   * @param force although data becomes inaccessible, and without waiting for requests in flight
   */
  public static Verdict detach(Role role, VolumeFacts volume, boolean force) {
    return switch (volume.disk()) {
      case DISKLESS -> Verdict.passed("is diskless already");
      case ATTACHING, DETACHING ->
          Verdict.refused(
              StateError.IN_TRANSIENT_STATE, "the disk is " + volume.disk().word() + " just now");
      case FAILED, NEGOTIATING, INCONSISTENT, OUTDATED, D_UNKNOWN, CONSISTENT, UP_TO_DATE ->
          force ? Verdict.passed("forced") : detachInOrder(role, volume);
    };
  }

  private static Verdict detachInOrder(Role role, VolumeFacts volume) {
    if (role == Role.PRIMARY && volume.hasAccessToData()) {
      return Verdict.refused(
          StateError.NO_UP_TO_DATE_DISK,
          "it is the last UpToDate copy that this Primary can reach");
    }
    if (volume.readers() > 0 && volume.hasAccessToData()) {
      return Verdict.refused(
          StateError.NO_UP_TO_DATE_DISK,
          "it is open for reading (%d times) and no other copy can be reached"
              .formatted(volume.readers()));
    }
    return Verdict.passed("nobody needs its data");
  }
}
