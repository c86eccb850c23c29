package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.Optional;

/**
 * When a new current UUID is owed (spec 4.5, 3.5.3): a write might reach fewer nodes than before.
 */
final class NewUuidRule {
  private final Draft draft;
  private final int volume;

  private NewUuidRule(Draft draft, int volume) {
    this.draft = draft;
    this.volume = volume;
  }

  /** Why this change makes one due; empty if it does not. */
  static Optional<String> due(Draft draft, int volume) {
    return new NewUuidRule(draft, volume).due();
  }

  private Optional<String> due() {
    if (draft.old().suspension().uuid()) {
      return Optional.empty();
    }
    ResourceSnapshot next = draft.next();
    if (next.isPrimary() && !draft.old().isPrimary()) {
      return Optional.of("became Primary");
    }
    boolean hasData = next.hasAccessToData(volume);
    if (next.isPrimary() && hasData && lostOwnDisk()) {
      return Optional.of("the own disk is lost");
    }
    return draft.peers(volume).stream()
        .map(peer -> due(peer, hasData))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private boolean lostOwnDisk() {
    DiskState before = draft.oldVolume(volume).disk();
    DiskState after = draft.disk(volume);
    return (before.isAbove(DiskState.FAILED) && after == DiskState.FAILED)
        || (before.isAtLeast(DiskState.INCONSISTENT) && after.isBelow(DiskState.INCONSISTENT));
  }

  private Optional<String> due(int peer, boolean hasData) {
    PeerDeviceSnapshot before = draft.oldDevice(peer, volume);
    PeerDeviceSnapshot after = draft.device(peer, volume);
    boolean primary = draft.next().isPrimary();
    boolean upToDate = draft.disk(volume) == DiskState.UP_TO_DATE;
    ConnectionSnapshot connection = draft.next().connection(peer);
    boolean besidePrimary84 =
        connection.facts().isVersion84() && connection.peerRole() == Role.PRIMARY && upToDate;
    if (isLost(before.disk(), after.disk()) && ((primary && hasData) || besidePrimary84)) {
      return Optional.of("the disk of node %d is lost".formatted(peer));
    }
    if (primary && upToDate && returnsWithoutData(before.disk(), after)) {
      return Optional.of("node %d is back without data".formatted(peer));
    }
    if (primary && upToDate && isLostBeforeItCouldTell(before, after)) {
      return Optional.of("node %d is lost, which has finished its resync".formatted(peer));
    }
    boolean ahead =
        after.replication() == ReplicationState.AHEAD
            && before.replication() != ReplicationState.AHEAD;
    return ahead ? Optional.of("node %d is left behind".formatted(peer)) : Optional.empty();
  }

  private static boolean isLost(DiskState before, DiskState after) {
    boolean had =
        switch (before) {
          case INCONSISTENT, CONSISTENT, UP_TO_DATE -> true;
          case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, OUTDATED, D_UNKNOWN -> false;
        };
    boolean has =
        switch (after) {
          case INCONSISTENT, CONSISTENT, UP_TO_DATE -> true;
          case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, OUTDATED, D_UNKNOWN -> false;
        };
    return had && !has;
  }

  /**
   * It has told its new identifiers, not its new state: the disk is Inconsistent as before, but no
   * generation accounts for what it misses from now on.
   */
  private static boolean isLostBeforeItCouldTell(
      PeerDeviceSnapshot before, PeerDeviceSnapshot after) {
    return before.isEstablished()
        && !after.isEstablished()
        && after.disk() == DiskState.INCONSISTENT
        && after.facts().bitmapUuidIsZero();
  }

  private static boolean returnsWithoutData(DiskState before, PeerDeviceSnapshot after) {
    boolean without =
        after.disk() == DiskState.DISKLESS
            || after.disk() == DiskState.FAILED
            || after.disk() == DiskState.OUTDATED;
    return before == DiskState.D_UNKNOWN && without && after.facts().bitmapUuidIsZero();
  }
}
