package io.jdrbd.state.cluster;

import static io.jdrbd.state.ReplicationState.AHEAD;
import static io.jdrbd.state.ReplicationState.ESTABLISHED;
import static io.jdrbd.state.ReplicationState.OFF;
import static io.jdrbd.state.ReplicationState.PAUSED_SYNC_S;
import static io.jdrbd.state.ReplicationState.PAUSED_SYNC_T;
import static io.jdrbd.state.ReplicationState.STARTING_SYNC_T;
import static io.jdrbd.state.ReplicationState.SYNC_SOURCE;
import static io.jdrbd.state.ReplicationState.WF_BITMAP_T;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.function.Predicate;

/** What follows for a volume on one connection: rules 10 to 20 of spec 4.3. */
final class PeerDeviceRules {
  private final Draft draft;

  PeerDeviceRules(Draft draft) {
    this.draft = draft;
  }

  void apply(int peer, int volume) {
    PeerDeviceSnapshot before = draft.oldDevice(peer, volume);
    pauseAsSource(peer, volume, before);
    startOthersPaused(peer, volume, before);
    upgradeBelow110(peer, volume);
    clamp(peer, volume);
    if (before.disk() == DiskState.DISKLESS
        && (disk(peer, volume) == DiskState.FAILED || disk(peer, volume) == DiskState.DETACHING)) {
      draft.setPeerDisk(peer, volume, DiskState.DISKLESS, "it has had no disk already");
    }
    upgradeOutdated(peer, volume, before);
    returnFromBitmapExchange(peer, volume, before);
    upgradeConsistent(peer, volume, before);
    meetDisklessPrimary(peer, volume);
    distrustPeer(peer, volume, before);
  }

  private DiskState disk(int peer, int volume) {
    return draft.device(peer, volume).disk();
  }

  private ReplicationState replication(int peer, int volume) {
    return draft.device(peer, volume).replication();
  }

  /** Rule 10. */
  private void pauseAsSource(int peer, int volume, PeerDeviceSnapshot before) {
    if (replication(peer, volume) == SYNC_SOURCE
        && !before.replication().isSource()
        && isTargetElsewhere(peer, volume)) {
      draft.setPause(peer, volume, pause -> pause.withOther(true));
    }
    PeerDeviceSnapshot device = draft.device(peer, volume);
    boolean paused = device.pause().any() || device.isBadSource(draft.disk(volume));
    if (device.replication().isSource()) {
      draft.setReplication(
          peer,
          volume,
          paused ? PAUSED_SYNC_S : SYNC_SOURCE,
          paused ? "the resync is to wait" : "nothing keeps the resync any more");
    }
  }

  private boolean isTargetElsewhere(int peer, int volume) {
    return draft.peers(volume).stream()
        .filter(other -> other != peer)
        .anyMatch(other -> replication(other, volume).isTarget());
  }

  /** Rule 11. */
  private void startOthersPaused(int peer, int volume, PeerDeviceSnapshot before) {
    if (replication(peer, volume) != STARTING_SYNC_T || before.replication() == STARTING_SYNC_T) {
      return;
    }
    draft.peers(volume).stream()
        .filter(other -> other != peer)
        .filter(other -> replication(other, volume) == ESTABLISHED)
        .filter(other -> disk(other, volume).isAtLeast(DiskState.INCONSISTENT))
        .forEach(
            other -> {
              draft.setPause(other, volume, pause -> pause.withOther(true));
              draft.setReplication(
                  other, volume, PAUSED_SYNC_T, "all data comes anew from node " + peer);
            });
  }

  /** Rule 12: DRBD 8.4 takes a connected Consistent disk for UpToDate. */
  private void upgradeBelow110(int peer, int volume) {
    if (!draft.next().connection(peer).facts().isVersion84()
        || !draft.device(peer, volume).isEstablished()
        || replication(peer, volume).isAtLeast(AHEAD)) {
      return;
    }
    if (draft.disk(volume) == DiskState.CONSISTENT) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "connected with the only peer");
    }
    if (disk(peer, volume) == DiskState.CONSISTENT) {
      draft.setPeerDisk(peer, volume, DiskState.UP_TO_DATE, "connected with its only peer");
    }
  }

  /** Rule 13. */
  private void clamp(int peer, int volume) {
    ReplicationState replication = replication(peer, volume);
    String why = "goes with " + replication.word();
    draft.setDisk(volume, DiskRange.own(replication).clamp(draft.disk(volume)), why);
    draft.setPeerDisk(peer, volume, DiskRange.peer(replication).clamp(disk(peer, volume)), why);
  }

  /** Rule 15. */
  private void upgradeOutdated(int peer, int volume, PeerDeviceSnapshot before) {
    PeerDeviceSnapshot device = draft.device(peer, volume);
    boolean news =
        !before.isEstablished()
            || device.facts().gotStable()
            || before.disk() == DiskState.OUTDATED;
    if (draft.disk(volume) == DiskState.OUTDATED
        && device.replication() == ESTABLISHED
        && device.disk().isAtLeast(DiskState.CONSISTENT)
        && device.facts().stable()
        && news) {
      draft.setDisk(volume, device.disk(), "node %d has the same data".formatted(peer));
    }
  }

  /** Rule 16. */
  private void returnFromBitmapExchange(int peer, int volume, PeerDeviceSnapshot before) {
    Predicate<PeerDeviceSnapshot> isGood =
        device ->
            device.disk() == DiskState.UP_TO_DATE
                && device.facts().stable()
                && device.facts().sameUuid();
    if (before.replication() == WF_BITMAP_T
        && replication(peer, volume) == OFF
        && draft.disk(volume) == DiskState.OUTDATED
        && draft.next().devicesOf(volume).anyMatch(isGood)
        && MetadataVerdict.mayBeUpToDate(draft.next(), volume)) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "another peer has the same data");
    }
  }

  /** Rules 17 and 18. */
  private void upgradeConsistent(int peer, int volume, PeerDeviceSnapshot before) {
    if (draft.disk(volume) != DiskState.CONSISTENT) {
      return;
    }
    PeerDeviceSnapshot device = draft.device(peer, volume);
    if (device.isEstablished()
        && !before.isEstablished()
        && MetadataVerdict.mayBeUpToDate(draft.next(), volume)) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "node %d is back".formatted(peer));
    } else if (before.disk() == DiskState.CONSISTENT
        && device.disk() == DiskState.UP_TO_DATE
        && device.facts().stable()) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "the same data is UpToDate on node " + peer);
    }
  }

  /** Rule 19. */
  private void meetDisklessPrimary(int peer, int volume) {
    boolean appears =
        isDisklessPrimary(draft.next().connection(peer), volume)
            && !isDisklessPrimary(draft.oldConnection(peer), volume);
    DiskState disk = draft.disk(volume);
    if (!appears || disk.isBelow(DiskState.OUTDATED)) {
      return;
    }
    if (!draft.device(peer, volume).facts().sameUuid()) {
      if (disk == DiskState.UP_TO_DATE) {
        draft.setDisk(
            volume, DiskState.CONSISTENT, "the diskless Primary works on another generation");
      }
    } else if (!isTargetElsewhere(peer, volume)) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "the diskless Primary works on this generation");
    }
  }

  private static boolean isDisklessPrimary(ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device = connection.devices().get(volume);
    return connection.peerRole() == Role.PRIMARY
        && device != null
        && device.isEstablished()
        && device.disk() == DiskState.DISKLESS;
  }

  /** Rule 20. */
  private void distrustPeer(int peer, int volume, PeerDeviceSnapshot before) {
    VolumeSnapshot own = draft.next().volume(volume);
    boolean otherGood =
        draft.peers(volume).stream()
            .filter(other -> other != peer)
            .anyMatch(other -> disk(other, volume) == DiskState.UP_TO_DATE);
    if (own.disk() == DiskState.DISKLESS
        && disk(peer, volume) == DiskState.UP_TO_DATE
        && before.disk() != DiskState.UP_TO_DATE
        && !draft.device(peer, volume).facts().sameUuid()
        && (otherGood || own.facts().uuidExposed())) {
      draft.setPeerDisk(
          peer,
          volume,
          DiskState.CONSISTENT,
          "it has another generation than users here have seen");
    }
  }
}
