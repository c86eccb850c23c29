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

  /** May the data of this volume be declared not the newest? */
  public static Verdict outdate(Role role, VolumeFacts volume) {
    return switch (volume.disk()) {
      case DISKLESS -> Verdict.refused(StateError.IS_DISKLESS, "there is no disk");
      case ATTACHING, DETACHING, FAILED, NEGOTIATING ->
          Verdict.refused(
              StateError.IN_TRANSIENT_STATE, "the disk is " + volume.disk().word() + " just now");
      case INCONSISTENT ->
          Verdict.refused(StateError.LOWER_THAN_OUTDATED, "the disk is Inconsistent");
      case OUTDATED -> Verdict.passed("is Outdated already");
      case D_UNKNOWN, CONSISTENT, UP_TO_DATE -> outdateInOrder(role, volume);
    };
  }

  private static Verdict outdateInOrder(Role role, VolumeFacts volume) {
    if (role == Role.PRIMARY || volume.readers() > 0) {
      return Verdict.refused(
          StateError.NO_UP_TO_DATE_DISK,
          role == Role.PRIMARY
              ? "a Primary needs it: no other copy can be reached"
              : "it is open for reading and no other copy can be reached");
    }
    return Verdict.passed("nobody needs its data");
  }

  /**
   * May the data of this volume be thrown away in favour of a peer's?
   *
   * @param peer whether a peer with better data is connected
   */
  public static Verdict invalidate(VolumeFacts volume, boolean peer) {
    if (!volume.disk().isAbove(DiskState.ATTACHING)) {
      return Verdict.refused(StateError.NO_LOCAL_DISK, "there is no disk to sync to");
    }
    return peer
        ? Verdict.passed("a peer has the data")
        : Verdict.refused(StateError.NEED_CONNECTION, "no peer is connected to take data from");
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
