package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;

/** What follows for one volume: rules 1 to 9 and 22 to 24 of spec 4.3. */
final class VolumeRules {
  private final Draft draft;

  VolumeRules(Draft draft) {
    this.draft = draft;
  }

  /** Rules 1 to 9. */
  void before(int volume) {
    keepDisk(volume);
    leaveNegotiating(volume);
    for (int peer : draft.peers(volume)) {
      forgetUnconnected(peer, volume);
      abortWithoutDisks(peer, volume);
      suspendForFencing(peer, volume);
    }
    ResyncTarget.choose(draft, volume);
  }

  /** Rules 22 to 24. */
  void after(int volume, boolean primaryMayHaveCrashed) {
    computeQuorum(volume);
    if (draft.disk(volume) == DiskState.NEGOTIATING && lostConnection()) {
      setFromMetadata(volume, "the connection was lost before a peer could say how good it is");
    }
    if (primaryMayHaveCrashed
        && draft.disk(volume) == DiskState.UP_TO_DATE
        && draft.old().role() == Role.SECONDARY
        && !draft.next().seesPrimary()) {
      draft.setDisk(
          volume,
          DiskState.CONSISTENT,
          "the Primary is lost, and may have written what is not here");
    }
  }

  /** Rules 1 and 2. */
  private void keepDisk(int volume) {
    DiskState before = draft.oldVolume(volume).disk();
    DiskState disk = draft.disk(volume);
    if (before == DiskState.DISKLESS && disk == DiskState.DETACHING) {
      draft.setDisk(volume, DiskState.DISKLESS, "there is no disk to detach");
    }
    if (draft.kind() == ChangeKind.REMOTE
        && before.isBelow(DiskState.OUTDATED)
        && disk == DiskState.OUTDATED) {
      draft.setDisk(volume, before, "it is worse than Outdated already");
    }
  }

  /** Rule 3: all peers with a disk have said how the attached one compares. */
  private void leaveNegotiating(int volume) {
    if (draft.disk(volume) != DiskState.NEGOTIATING) {
      return;
    }
    List<Integer> asked =
        draft.peers(volume).stream()
            .filter(peer -> draft.next().connection(peer).isConnected())
            .filter(peer -> draft.device(peer, volume).disk().isAtLeast(DiskState.NEGOTIATING))
            .filter(peer -> draft.device(peer, volume).disk() != DiskState.D_UNKNOWN)
            .toList();
    List<AttachResult> results =
        asked.stream().map(peer -> draft.device(peer, volume).facts().attachResult()).toList();
    if (asked.isEmpty()) {
      setFromMetadata(volume, "nobody is left whom it could be compared with");
      return;
    }
    if (results.contains(AttachResult.OPEN)) {
      return;
    }
    if (results.stream().allMatch(result -> result == AttachResult.NO_RESULT)) {
      draft.setDisk(volume, DiskState.DETACHING, "no peer has data that goes with it");
    } else if (results.contains(AttachResult.TARGET)) {
      draft.setDisk(volume, DiskState.INCONSISTENT, "it becomes target of a resync");
    } else if (draft.next().devicesOf(volume).anyMatch(VolumeRules::isUpToDate)) {
      draft.setDisk(volume, DiskState.UP_TO_DATE, "an UpToDate peer has the same data");
    } else {
      setFromMetadata(volume, "as the metadata says");
    }
    for (int peer : asked) {
      AttachResult result = draft.device(peer, volume).facts().attachResult();
      draft.setReplication(peer, volume, result.replication(), "the attached disk was compared");
      draft.changeDevice(
          peer,
          volume,
          device -> device.withFacts(device.facts().withAttachResult(AttachResult.OPEN)));
    }
  }

  private static boolean isUpToDate(PeerDeviceSnapshot device) {
    return device.disk() == DiskState.UP_TO_DATE;
  }

  /** Rules 4 to 6. */
  private void forgetUnconnected(int peer, int volume) {
    PeerDeviceSnapshot device = draft.device(peer, volume);
    if (!device.isEstablished()) {
      draft.setPause(peer, volume, pause -> pause.withPeer(false));
      boolean known =
          device.disk().isAtLeast(DiskState.INCONSISTENT)
              && !device.disk().isAbove(DiskState.D_UNKNOWN);
      if (!known) {
        draft.setPeerDisk(peer, volume, DiskState.D_UNKNOWN, "not connected");
      }
    }
    if (draft.next().connection(peer).state() == ConnectionState.STANDALONE
        && draft.disk(volume) == DiskState.DISKLESS
        && draft.next().role() == Role.SECONDARY) {
      draft.setPause(peer, volume, pause -> pause.withDependency(false));
    }
  }

  /** Rule 7. */
  private void abortWithoutDisks(int peer, int volume) {
    PeerDeviceSnapshot device = draft.device(peer, volume);
    boolean diskMissing =
        !draft.disk(volume).isAbove(DiskState.FAILED) || !device.disk().isAbove(DiskState.FAILED);
    if (device.replication().isAbove(ReplicationState.ESTABLISHED) && diskMissing) {
      draft.setReplication(
          peer, volume, ReplicationState.ESTABLISHED, "resync and verify need both disks");
    }
  }

  /** Rule 8. */
  private void suspendForFencing(int peer, int volume) {
    boolean now = mustBeFenced(draft.next(), draft.next().connection(peer), volume);
    boolean before = mustBeFenced(draft.old(), draft.oldConnection(peer), volume);
    if (now && !before) {
      draft.note("I/O suspended", "node %d must be fenced first".formatted(peer));
      draft.changeConnection(peer, connection -> connection.withSuspendedByFencing(true));
    }
  }

  private static boolean mustBeFenced(
      ResourceSnapshot resource, ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device =
        connection.devices().getOrDefault(volume, PeerDeviceSnapshot.unknown(volume));
    return connection.facts().fencing() == FencingPolicy.RESOURCE_AND_STONITH
        && resource.isPrimary()
        && !device.isEstablished()
        && device.disk() == DiskState.D_UNKNOWN;
  }

  /** Rule 22. */
  private void computeQuorum(int volume) {
    VolumeSnapshot before = draft.oldVolume(volume);
    VolumeSnapshot own = draft.next().volume(volume);
    boolean byItself = Quorum.compute(draft.next(), volume, before.quorum().computed()).present();
    boolean fell =
        before.disk() == DiskState.UP_TO_DATE && own.disk().isBelow(DiskState.UP_TO_DATE);
    boolean armed = own.quorum().restores() && !byItself && !fell;
    boolean quorum = byItself || (armed && own.disk() == DiskState.UP_TO_DATE);
    boolean off = draft.next().settings().quorum() instanceof QuorumNeed.Off;
    draft.changeVolume(
        volume,
        v -> v.withQuorum(new QuorumState(off || quorum, quorum, armed, v.quorum().lost())));
  }

  /** Rule 23. */
  private boolean lostConnection() {
    return draft.next().connections().values().stream()
        .anyMatch(
            connection ->
                !connection.isConnected() && draft.oldConnection(connection.peer()).isConnected());
  }

  private void setFromMetadata(int volume, String why) {
    draft.setDisk(volume, MetadataVerdict.disk(draft.next(), volume), why);
  }
}
