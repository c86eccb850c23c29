package io.jdrbd.state.cluster;

import static io.jdrbd.state.DiskState.ATTACHING;
import static io.jdrbd.state.DiskState.DETACHING;
import static io.jdrbd.state.DiskState.DISKLESS;
import static io.jdrbd.state.DiskState.NEGOTIATING;
import static io.jdrbd.state.DiskState.OUTDATED;
import static io.jdrbd.state.cluster.SoftRules.refuseIf;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import java.util.Optional;

/** Rules 7 to 14 and 17 of spec 4.4.2: those about the disks of a volume. */
final class SoftDiskRules {
  private final Draft draft;
  private final ResourceSnapshot old;
  private final ResourceSnapshot next;

  SoftDiskRules(Draft draft) {
    this.draft = draft;
    this.old = draft.old();
    this.next = draft.next();
  }

  Optional<Outcome.Refused> check() {
    SoftReplicationRules replication = new SoftReplicationRules(draft);
    return next.volumes().values().stream()
        .map(volume -> volume(volume, replication))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Outcome.Refused> volume(
      VolumeSnapshot volume, SoftReplicationRules replication) {
    VolumeSnapshot before = draft.oldVolume(volume.number());
    return disk(before, volume)
        .or(() -> data(volume))
        .or(() -> quorum(before, volume))
        .or(() -> negotiating(volume.number()))
        .or(() -> replication.fencing(volume.number()))
        .or(() -> replication.resync(volume.number()))
        .or(() -> outdate(before, volume))
        .or(() -> replication.transitions(volume.number()));
  }

  /** Rules 7 to 10. */
  private Optional<Outcome.Refused> disk(VolumeSnapshot before, VolumeSnapshot after) {
    int volume = after.number();
    boolean entersOrLeaves =
        (after.disk() == ATTACHING && before.disk().isBelow(ATTACHING))
            || (after.disk() == DETACHING && before.disk().isAbove(DETACHING));
    boolean handshake =
        next.connections().values().stream().anyMatch(ConnectionSnapshot::isInHandshake);
    return refuseIf(
            entersOrLeaves && handshake,
            StateError.IN_TRANSIENT_STATE,
            () -> "volume %d: a connection is just being established".formatted(volume))
        .or(
            () ->
                refuseIf(
                    old.isPrimary()
                        && next.role() == Role.SECONDARY
                        && after.writers() > 0
                        && draft.kind() != ChangeKind.FORCED_DEMOTION,
                    StateError.DEVICE_IN_USE,
                    () ->
                        "volume %d is open for writing (%d times)"
                            .formatted(volume, after.writers())))
        .or(
            () ->
                refuseIf(
                    after.disk().isAbove(ATTACHING) && before.disk() == DISKLESS,
                    StateError.IS_DISKLESS,
                    () ->
                        "volume %d: no disk is attached that could be %s"
                            .formatted(volume, after.disk().word())))
        .or(
            () ->
                refuseIf(
                    after.disk() == OUTDATED
                        && before.disk().isBelow(OUTDATED)
                        && before.disk() != ATTACHING
                        && before.disk() != NEGOTIATING
                        && !endsAsTarget(volume),
                    StateError.LOWER_THAN_OUTDATED,
                    () -> "volume %d: the disk is %s".formatted(volume, before.disk().word())));
  }

  private boolean endsAsTarget(int volume) {
    return draft.peers(volume).stream()
        .anyMatch(
            peer ->
                draft.oldDevice(peer, volume).replication() == ReplicationState.SYNC_TARGET
                    && draft.device(peer, volume).replication() == ReplicationState.ESTABLISHED);
  }

  /** Rules 11 and 12. */
  private Optional<Outcome.Refused> data(VolumeSnapshot after) {
    int volume = after.number();
    boolean hadData = old.volumes().containsKey(volume) && old.hasAccessToData(volume);
    boolean hasData = next.hasAccessToData(volume);
    return refuseIf(
            next.isPrimary() && !hasData && (!old.isPrimary() || hadData),
            StateError.NO_UP_TO_DATE_DISK,
            () -> "volume %d: %s".formatted(volume, disks(volume)))
        .or(
            () ->
                refuseIf(
                    after.readers() > 0 && hadData && !hasData,
                    StateError.NO_UP_TO_DATE_DISK,
                    () ->
                        "volume %d is open for reading (%d times): %s"
                            .formatted(volume, after.readers(), disks(volume))));
  }

  private String disks(int volume) {
    StringBuilder text = new StringBuilder("the own disk would be ");
    text.append(draft.disk(volume).word());
    for (int peer : draft.peers(volume)) {
      DiskState disk = draft.device(peer, volume).disk();
      text.append(", that of node %d %s".formatted(peer, disk.word()));
    }
    return text.toString();
  }

  /** Rule 13. */
  private Optional<Outcome.Refused> quorum(VolumeSnapshot before, VolumeSnapshot after) {
    return refuseIf(
        next.isPrimary() && !after.hasQuorum() && (!old.isPrimary() || before.hasQuorum()),
        StateError.NO_QUORUM,
        () ->
            "volume %d: %s"
                .formatted(
                    after.number(),
                    Quorum.compute(next, after.number(), before.quorum().computed()).reason()));
  }

  /** Rule 14. */
  private Optional<Outcome.Refused> negotiating(int volume) {
    long count =
        next.devicesOf(volume).filter(device -> device.disk() == NEGOTIATING).count()
            + (draft.disk(volume) == NEGOTIATING ? 1 : 0);
    return refuseIf(
        count > 1,
        StateError.IN_TRANSIENT_STATE,
        () -> "volume %d: another node is just attaching its disk".formatted(volume));
  }

  /** Rule 17. */
  private Optional<Outcome.Refused> outdate(VolumeSnapshot before, VolumeSnapshot after) {
    return refuseIf(
        after.disk() == OUTDATED
            && before.disk().isAbove(OUTDATED)
            && !mayBeOutdated(after.number()),
        StateError.CONNECTED_OUTDATES,
        () ->
            "volume %d: %s"
                .formatted(
                    after.number(),
                    next.isPrimary()
                        ? "this node is Primary and works on it"
                        : "a connected Primary keeps it current"));
  }

  private boolean mayBeOutdated(int volume) {
    if (next.isPrimary()) {
      return next.devicesOf(volume)
          .anyMatch(
              device ->
                  device.disk() == DiskState.UP_TO_DATE
                      && device.replication() == ReplicationState.WF_BITMAP_T);
    }
    return next.connected()
            .filter(connection -> connection.peerRole() == Role.PRIMARY)
            .allMatch(connection -> isDisklessAndNew(connection, volume))
        || next.devicesOf(volume).anyMatch(device -> isTargetSide(device.replication()));
  }

  private boolean isDisklessAndNew(ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device = connection.devices().get(volume);
    return device != null
        && device.disk() == DISKLESS
        && !draft.oldConnection(connection.peer()).isConnected();
  }

  private static boolean isTargetSide(ReplicationState replication) {
    return switch (replication) {
      case WF_BITMAP_T, WF_SYNC_UUID, STARTING_SYNC_T, SYNC_TARGET, PAUSED_SYNC_T, BEHIND -> true;
      case OFF,
          ESTABLISHED,
          STARTING_SYNC_S,
          WF_BITMAP_S,
          SYNC_SOURCE,
          VERIFY_S,
          VERIFY_T,
          PAUSED_SYNC_S,
          AHEAD ->
          false;
    };
  }
}
