package io.jdrbd.state.cluster;

import static io.jdrbd.state.ReplicationState.AHEAD;
import static io.jdrbd.state.ReplicationState.ESTABLISHED;
import static io.jdrbd.state.ReplicationState.OFF;
import static io.jdrbd.state.ReplicationState.PAUSED_SYNC_T;
import static io.jdrbd.state.ReplicationState.STARTING_SYNC_S;
import static io.jdrbd.state.ReplicationState.STARTING_SYNC_T;
import static io.jdrbd.state.ReplicationState.SYNC_SOURCE;
import static io.jdrbd.state.ReplicationState.VERIFY_S;
import static io.jdrbd.state.ReplicationState.WF_BITMAP_S;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.Effect.UuidNews;
import java.util.ArrayList;
import java.util.List;

/** What is said to one peer about one volume after a change: the table of spec 4.6. */
final class PeerDeviceEffects {
  /** From this version on, except for one, the end of a verify is told. */
  private static final int VERIFY_END_VERSION = 97;

  private static final int VERIFY_END_EXCEPTION = 100;

  /** From this version on a source names its resync with P_SYNC_UUID. */
  private static final int SYNC_UUID_VERSION = 96;

  private final Draft draft;
  private final int peer;
  private final int volume;
  private final ConnectionSnapshot connection;
  private final PeerDeviceSnapshot before;
  private final PeerDeviceSnapshot after;
  private final DiskState diskBefore;
  private final DiskState diskAfter;
  private final List<Effect> effects = new ArrayList<>();

  PeerDeviceEffects(Draft draft, int peer, int volume) {
    this.draft = draft;
    this.peer = peer;
    this.volume = volume;
    this.connection = draft.next().connection(peer);
    this.before = draft.oldDevice(peer, volume);
    this.after = draft.device(peer, volume);
    this.diskBefore = draft.oldVolume(volume).disk();
    this.diskAfter = draft.disk(volume);
  }

  /** The rows in their order. */
  List<Effect> list() {
    if (connection.isConnected()) {
      clearBitmap();
      sendUuids();
      startAsSource();
      answerAttach();
      startSync();
      sendStates();
      sendStable();
    }
    resync();
    return effects;
  }

  /** Row 1. */
  private void clearBitmap() {
    boolean newly = before.disk() == DiskState.DISKLESS || before.replication() == OFF;
    if (after.replication() == ESTABLISHED
        && newly
        && diskAfter.isAtLeast(DiskState.OUTDATED)
        && after.disk().isAtLeast(DiskState.OUTDATED)
        && after.disk() != DiskState.D_UNKNOWN
        && after.facts().sameUuid()) {
      effects.add(new Effect.ClearBitmap(peer, volume));
    }
  }

  /** Rows 2 to 4. */
  private void sendUuids() {
    boolean finished = draft.peers(volume).stream().anyMatch(this::finishedAsTarget);
    boolean outdatedHandshake =
        before.replication() == OFF && after.isEstablished() && after.facts().toldOldUuid();
    boolean stabilityChanged =
        draft.old().isStable() != draft.next().isStable() && after.isEstablished();
    if (finished) {
      uuids();
    }
    if (outdatedHandshake) {
      uuids();
    }
    if (stabilityChanged) {
      uuids();
    }
  }

  private boolean finishedAsTarget(int other) {
    return draft.oldDevice(other, volume).replication().isTarget()
        && draft.device(other, volume).replication() == ESTABLISHED
        && diskAfter.isAbove(diskBefore);
  }

  /** Row 5. */
  private void startAsSource() {
    ConnectionFacts facts = connection.facts();
    if (facts.isVersion84()
        && facts.protocolVersion() >= SYNC_UUID_VERSION
        && after.replication().isSource()
        && !before.replication().isSource()) {
      effects.add(new Effect.SendSyncUuid(peer, volume));
    }
  }

  /** Rows 6 and 8; with 8.4 the answer to an attach is given as 8.4 gives it (spec 3.9.2). */
  private void answerAttach() {
    boolean peerAttaches =
        before.disk().isBelow(DiskState.NEGOTIATING) && after.disk() == DiskState.NEGOTIATING;
    boolean peerHasAttached =
        connection.facts().isVersion84()
            && before.disk() == DiskState.DISKLESS
            && after.disk().isAtLeast(DiskState.INCONSISTENT)
            && after.disk() != DiskState.D_UNKNOWN;
    boolean attaches =
        diskBefore == DiskState.ATTACHING && diskAfter.isAtLeast(DiskState.NEGOTIATING);
    if (peerAttaches || peerHasAttached) {
      uuids();
      state();
    }
    if (attaches) {
      effects.add(new Effect.SendSizes(peer, volume));
      uuids();
      state();
    }
  }

  /** Rows 7 and 9. */
  private void startSync() {
    if (entered(WF_BITMAP_S)) {
      effects.add(new Effect.SendBitmap(peer, volume));
    }
    if (entered(STARTING_SYNC_T)) {
      effects.add(new Effect.StartFullSync(peer, volume, true));
    }
    if (entered(STARTING_SYNC_S)) {
      effects.add(new Effect.StartFullSync(peer, volume, false));
    }
  }

  /** Rows 10 to 12. */
  private void sendStates() {
    if (draft.peers(volume).stream().anyMatch(this::endsForAll)) {
      state();
    }
    if (draft.old().isStable()
        && !draft.next().isStable()
        && after.isEstablished()
        && diskAfter.isAbove(DiskState.ATTACHING)) {
      uuids();
    }
    if (replicationNews() || diskNews()) {
      state();
    }
  }

  private boolean endsForAll(int other) {
    ReplicationState was = draft.oldDevice(other, volume).replication();
    boolean ended = draft.device(other, volume).replication() == ESTABLISHED;
    int version = draft.next().connection(other).facts().protocolVersion();
    boolean verified =
        was == VERIFY_S && version >= VERIFY_END_VERSION && version != VERIFY_END_EXCEPTION;
    boolean resynced = diskBefore.isBelow(DiskState.UP_TO_DATE) && was.isAtLeast(SYNC_SOURCE);
    return ended && (verified || resynced);
  }

  private boolean replicationNews() {
    boolean entersResync =
        after.replication().isBetween(SYNC_SOURCE, PAUSED_SYNC_T)
            && !before.replication().isBetween(SYNC_SOURCE, PAUSED_SYNC_T);
    boolean pauses = after.isEstablished() && after.pause().tellsOtherThan(before.pause());
    boolean finishes = before.replication().isTarget() && after.replication() == ESTABLISHED;
    boolean connects = before.replication() == OFF && after.isEstablished();
    return entersResync || pauses || finishes || connects || entered(AHEAD);
  }

  private boolean diskNews() {
    boolean promoted = draft.next().isPrimary() && !draft.old().isPrimary();
    boolean diskChanged =
        diskBefore != diskAfter
            && diskAfter.isAtLeast(DiskState.INCONSISTENT)
            && before.isEstablished()
            && after.isEstablished()
            && !promoted;
    boolean quorumChanged =
        draft.oldVolume(volume).hasQuorum() != draft.next().volume(volume).hasQuorum()
            && diskAfter.isAtLeast(DiskState.INCONSISTENT);
    boolean bothUpgraded =
        diskBefore == DiskState.INCONSISTENT
            && diskAfter == DiskState.UP_TO_DATE
            && draft.peers(volume).stream()
                .filter(other -> other != peer)
                .anyMatch(this::isUpgraded);
    return diskChanged || quorumChanged || bothUpgraded;
  }

  private boolean isUpgraded(int other) {
    return draft.oldDevice(other, volume).disk() == DiskState.INCONSISTENT
        && draft.device(other, volume).disk() == DiskState.UP_TO_DATE;
  }

  /** Row 13. */
  private void sendStable() {
    boolean becameStable = !draft.old().isStable() && draft.next().isStable();
    boolean wasTarget =
        draft.peers(volume).stream()
            .anyMatch(other -> draft.oldDevice(other, volume).replication().isTarget());
    boolean isTarget =
        draft.next().devicesOf(volume).anyMatch(device -> device.replication().isTarget());
    boolean endedAsTarget = wasTarget && !isTarget && draft.next().isStable();
    if ((becameStable || endedAsTarget)
        && !connection.facts().isVersion84()
        && diskAfter.isAtLeast(DiskState.OUTDATED)
        && after.isEstablished()
        && !before.replication().isTarget()
        && draft.oldConnection(peer).peerRole() != Role.PRIMARY) {
      effects.add(new Effect.SendUuids(peer, volume, UuidNews.BECAME_STABLE));
    }
  }

  /** Row 14, and the end of what was started. */
  private void resync() {
    boolean was = isResync(before.replication());
    boolean is = isResync(after.replication());
    boolean pausedBefore = isPaused(before.replication());
    boolean paused = isPaused(after.replication());
    if (was && !is) {
      effects.add(new Effect.EndResync(peer, volume));
    } else if (is && !paused && (!was || pausedBefore)) {
      effects.add(new Effect.StartResync(peer, volume));
    } else if (is && paused && !pausedBefore) {
      effects.add(new Effect.PauseResync(peer, volume));
    }
  }

  private static boolean isResync(ReplicationState replication) {
    return replication.isBetween(SYNC_SOURCE, PAUSED_SYNC_T);
  }

  private static boolean isPaused(ReplicationState replication) {
    return replication == ReplicationState.PAUSED_SYNC_S || replication == PAUSED_SYNC_T;
  }

  private boolean entered(ReplicationState state) {
    return after.replication() == state && before.replication() != state;
  }

  private void uuids() {
    effects.add(new Effect.SendUuids(peer, volume, UuidNews.VALUES));
  }

  private void state() {
    effects.add(new Effect.SendState(peer, volume, StateWord.of(draft.next(), peer, volume)));
  }
}
