package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.List;
import java.util.Optional;

/** What a change leaves behind in memory and in the metadata (spec 4.5). */
final class Bookkeeping {
  private final Draft draft;

  private Bookkeeping(Draft draft) {
    this.draft = draft;
  }

  static void update(Draft draft) {
    Bookkeeping bookkeeping = new Bookkeeping(draft);
    for (int volume : List.copyOf(draft.next().volumes().keySet())) {
      bookkeeping.noteNewUuid(volume);
      bookkeeping.noteQuorum(volume);
      bookkeeping.noteCrash(volume);
      bookkeeping.updateMarks(volume);
      bookkeeping.forgetNews(volume);
    }
  }

  private void noteNewUuid(int volume) {
    boolean demoted = draft.old().isPrimary() && !draft.next().isPrimary();
    Optional<String> due = NewUuidRule.due(draft, volume);
    if (demoted) {
      draft.changeVolume(volume, v -> v.withOwesNewUuid(false));
    } else if (due.isPresent()) {
      draft.note("volume %d owes a new current UUID".formatted(volume), due.get());
      draft.changeVolume(volume, v -> v.withOwesNewUuid(true));
    }
  }

  private void noteQuorum(int volume) {
    boolean primary = draft.next().isPrimary();
    draft.changeVolume(
        volume,
        v -> v.withQuorum(v.quorum().withLost(!v.hasQuorum() && (primary || v.quorum().lost()))));
  }

  /** The marker ends when own and a peer's disk become UpToDate. */
  private void noteCrash(int volume) {
    boolean bothNow =
        draft.peers(volume).stream()
            .anyMatch(peer -> isUpToDate(draft.next().volume(volume), draft.device(peer, volume)));
    boolean bothBefore =
        draft.peers(volume).stream()
            .anyMatch(peer -> isUpToDate(draft.oldVolume(volume), draft.oldDevice(peer, volume)));
    if (bothNow && !bothBefore) {
      draft.changeVolume(volume, v -> v.withCrashedPrimary(false));
    }
  }

  private static boolean isUpToDate(VolumeSnapshot own, PeerDeviceSnapshot device) {
    return own.disk() == DiskState.UP_TO_DATE && device.disk() == DiskState.UP_TO_DATE;
  }

  private void updateMarks(int volume) {
    DiskState present = draft.oldVolume(volume).disk();
    VolumeSnapshot next = draft.next().volume(volume);
    if (present.isBelow(DiskState.DETACHING) || next.disk() == DiskState.NEGOTIATING) {
      return;
    }
    boolean graceful = next.disk() == DiskState.DETACHING && draft.kind() != ChangeKind.HARD;
    boolean primary = draft.next().isPrimary();
    MetadataMarks before = next.marks();
    MetadataMarks marks =
        new MetadataMarks(
            consistent(before, next.disk()),
            wasUpToDate(before, volume),
            primaryIndication(before, next.disk(), graceful),
            next.crashedPrimary() || (primary && !graceful),
            false,
            next.quorum().lost(),
            next.hasQuorum());
    draft.changeVolume(volume, v -> v.withMarks(marks));
    draft.peers(volume).forEach(peer -> updateSlot(peer, volume));
  }

  private static boolean consistent(MetadataMarks before, DiskState disk) {
    return disk.isBelow(DiskState.INCONSISTENT)
        ? before.consistent()
        : disk.isAbove(DiskState.INCONSISTENT);
  }

  private boolean wasUpToDate(MetadataMarks before, int volume) {
    return switch (draft.disk(volume)) {
      case D_UNKNOWN, CONSISTENT, UP_TO_DATE -> true;
      case INCONSISTENT, OUTDATED -> false;
      case FAILED, DETACHING -> before.wasUpToDate() && !goesOnElsewhere(volume);
      case DISKLESS, ATTACHING, NEGOTIATING -> before.wasUpToDate();
    };
  }

  /** Whether a Primary works on with UpToDate data of another node. */
  private boolean goesOnElsewhere(int volume) {
    boolean dataElsewhere =
        draft.next().devicesOf(volume).anyMatch(device -> device.disk() == DiskState.UP_TO_DATE);
    return dataElsewhere && (draft.next().isPrimary() || draft.next().seesPrimary());
  }

  private boolean primaryIndication(MetadataMarks before, DiskState disk, boolean graceful) {
    boolean anyPrimary = draft.next().isPrimary() || draft.next().seesPrimary();
    if (anyPrimary && !graceful) {
      return true;
    }
    boolean mayClear = graceful || disk.isAtLeast(DiskState.INCONSISTENT);
    return before.primaryIndication() && (!mayClear || peerWritesMayCome());
  }

  private boolean peerWritesMayCome() {
    return draft.next().volumes().values().stream().anyMatch(v -> v.facts().peerWritesInFlight())
        || draft.next().connections().values().stream()
            .map(ConnectionSnapshot::state)
            .anyMatch(Bookkeeping::isBeingCleanedUp);
  }

  private static boolean isBeingCleanedUp(ConnectionState state) {
    return switch (state) {
      case CONNECTED, STANDALONE, UNCONNECTED, CONNECTING -> false;
      case DISCONNECTING, TIMEOUT, BROKEN_PIPE, NETWORK_FAILURE, PROTOCOL_ERROR, TEAR_DOWN -> true;
    };
  }

  private void updateSlot(int peer, int volume) {
    PeerDeviceSnapshot device = draft.device(peer, volume);
    ConnectionFacts facts = draft.next().connection(peer).facts();
    SlotMarks before = draft.next().volume(volume).slot(peer);
    boolean hasDisk =
        device.disk().isAtLeast(DiskState.INCONSISTENT) && device.disk() != DiskState.D_UNKNOWN;
    boolean never = device.disk() == DiskState.DISKLESS && device.disklessByIntent();
    SlotMarks after = before.withSeen(hasDisk || (before.seen() && !never));
    if (before.bitmap()) {
      after =
          after
              .withConnected(device.replication().isAbove(ReplicationState.OFF))
              .withOutdated(
                  device.disk() == DiskState.INCONSISTENT || device.disk() == DiskState.OUTDATED)
              .withFencing(facts.fences());
    }
    if (!after.equals(before)) {
      SlotMarks changed = after;
      draft.changeVolume(volume, v -> v.withSlot(peer, changed));
    }
  }

  private void forgetNews(int volume) {
    for (int peer : draft.peers(volume)) {
      if (draft.device(peer, volume).facts().gotStable()) {
        draft.changeDevice(peer, volume, d -> d.withFacts(d.facts().withGotStable(false)));
      }
    }
  }
}
