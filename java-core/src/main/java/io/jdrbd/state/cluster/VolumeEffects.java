package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What has to be done for one volume after a change (spec 4.6, "Then per volume"). */
final class VolumeEffects {
  private final Draft draft;
  private final int volume;
  private final VolumeSnapshot before;
  private final VolumeSnapshot after;
  private final List<Effect> effects = new ArrayList<>();

  VolumeEffects(Draft draft, int volume) {
    this.draft = draft;
    this.volume = volume;
    this.before = draft.oldVolume(volume);
    this.after = draft.next().volume(volume);
  }

  List<Effect> list() {
    boolean hasDisk = after.disk().isAbove(DiskState.ATTACHING);
    if (hasDisk && (isDemoted() || isAnyPeerDemoted())) {
      effects.add(new Effect.WriteBitmap(volume));
    }
    disk();
    if (hasDisk && metadataChanged()) {
      effects.add(new Effect.WriteMetadata(volume));
    }
    if (draft.next().isPrimary() && before.hasQuorum() && !after.hasQuorum()) {
      helper("quorum-lost");
    }
    if (newUuidCannotWait()) {
      effects.add(new Effect.MakeNewUuid(volume, false));
    }
    if (before.disk() == DiskState.UP_TO_DATE && after.disk() == DiskState.CONSISTENT) {
      effects.add(new Effect.AskCluster());
    }
    return effects;
  }

  private void disk() {
    boolean given = after.disk() == DiskState.FAILED || after.disk() == DiskState.DETACHING;
    boolean gives = given && before.disk().isAbove(DiskState.FAILED);
    if (gives && after.disk() == DiskState.FAILED) {
      helper("local-io-error");
    }
    boolean passedOn =
        before.disk() == DiskState.UP_TO_DATE && after.disk() == DiskState.INCONSISTENT;
    boolean gone = before.disk() != DiskState.DISKLESS && after.disk() == DiskState.DISKLESS;
    if (gives || passedOn || gone) {
      tellAll();
    }
    if (gives) {
      effects.add(new Effect.WriteBitmap(volume));
    }
    if (given && before.disk() != after.disk()) {
      effects.add(new Effect.ReleaseDisk(volume));
    }
  }

  private void tellAll() {
    draft.peers(volume).stream()
        .filter(peer -> draft.next().connection(peer).isConnected())
        .forEach(
            peer ->
                effects.add(
                    new Effect.SendState(peer, volume, StateWord.of(draft.next(), peer, volume))));
  }

  private boolean isDemoted() {
    return draft.old().isPrimary() && !draft.next().isPrimary();
  }

  private boolean isAnyPeerDemoted() {
    return draft.next().connections().values().stream()
        .anyMatch(
            connection ->
                connection.peerRole() == Role.SECONDARY
                    && draft.oldConnection(connection.peer()).peerRole() == Role.PRIMARY);
  }

  private boolean metadataChanged() {
    return before.disk().isAbove(DiskState.ATTACHING)
        && (!before.marks().equals(after.marks())
            || !before.slots().equals(after.slots())
            || draft.old().members() != draft.next().members());
  }

  private boolean newUuidCannotWait() {
    if (!after.owesNewUuid()) {
      return false;
    }
    boolean suspended = draft.next().suspension().uuid() && !draft.old().suspension().uuid();
    boolean peerFailed =
        draft.peers(volume).stream().anyMatch(peer -> hasFailed(peer) || isHereOnly(peer));
    boolean ownFailed =
        draft.next().isPrimary()
            && after.disk() == DiskState.FAILED
            && before.disk().isAbove(DiskState.FAILED);
    return suspended || peerFailed || ownFailed;
  }

  private boolean hasFailed(int peer) {
    DiskState disk = draft.device(peer, volume).disk();
    return draft.oldDevice(peer, volume).disk() == DiskState.UP_TO_DATE
        && (disk == DiskState.FAILED || disk == DiskState.INCONSISTENT);
  }

  /**
   * A Primary of 8.4 has lost its disk: what it writes from now on is here only. It never begins a
   * generation for that, this node does, although it is Secondary (spec 3.5.3).
   */
  private boolean isHereOnly(int peer) {
    ConnectionSnapshot connection = draft.next().connection(peer);
    return !draft.next().isPrimary()
        && connection.facts().isVersion84()
        && connection.peerRole() == Role.PRIMARY
        && draft.oldDevice(peer, volume).disk().isAtLeast(DiskState.INCONSISTENT)
        && draft.device(peer, volume).disk().isBelow(DiskState.INCONSISTENT);
  }

  private void helper(String name) {
    effects.add(new Effect.RunHandler(name, OptionalInt.empty(), OptionalInt.of(volume)));
  }
}
