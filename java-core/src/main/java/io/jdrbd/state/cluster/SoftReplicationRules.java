package io.jdrbd.state.cluster;

import static io.jdrbd.state.ReplicationState.ESTABLISHED;
import static io.jdrbd.state.ReplicationState.STARTING_SYNC_S;
import static io.jdrbd.state.ReplicationState.STARTING_SYNC_T;
import static io.jdrbd.state.ReplicationState.VERIFY_S;
import static io.jdrbd.state.ReplicationState.VERIFY_T;
import static io.jdrbd.state.ReplicationState.WF_BITMAP_S;
import static io.jdrbd.state.ReplicationState.WF_BITMAP_T;
import static io.jdrbd.state.cluster.SoftRules.refuseIf;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.StateError;
import java.util.Optional;
import java.util.function.Function;

/** Rules 15, 16 and 18 to 21 of spec 4.4.2: those about a volume on a connection. */
final class SoftReplicationRules {
  /** From this version on the peer can verify. */
  private static final int VERIFY_VERSION = 88;

  private final Draft draft;

  SoftReplicationRules(Draft draft) {
    this.draft = draft;
  }

  /** Rule 15. */
  Optional<Outcome.Refused> fencing(int volume) {
    return onAnyConnection(
        volume,
        peer ->
            refuseIf(
                isUnfenced(draft.next(), draft.next().connection(peer), volume)
                    && !isUnfenced(draft.old(), draft.oldConnection(peer), volume),
                StateError.PRIMARY_NOP,
                () ->
                    "volume %d: node %d is not connected, its disk is %s, and fencing wants it Outdated"
                        .formatted(volume, peer, draft.device(peer, volume).disk().word())));
  }

  private static boolean isUnfenced(
      ResourceSnapshot resource, ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device =
        connection.devices().getOrDefault(volume, PeerDeviceSnapshot.unknown(volume));
    return connection.facts().fences()
        && resource.isPrimary()
        && !device.isEstablished()
        && device.disk().isAbove(DiskState.OUTDATED);
  }

  /** Rule 16. */
  Optional<Outcome.Refused> resync(int volume) {
    return onAnyConnection(volume, peer -> resync(peer, volume));
  }

  private Optional<Outcome.Refused> resync(int peer, int volume) {
    PeerDeviceSnapshot before = draft.oldDevice(peer, volume);
    PeerDeviceSnapshot after = draft.device(peer, volume);
    boolean was = before.replication().isAbove(ESTABLISHED);
    boolean is = after.replication().isAbove(ESTABLISHED);
    boolean ownBad = draft.disk(volume).isBelow(DiskState.INCONSISTENT);
    boolean ownWasBad = draft.oldVolume(volume).disk().isBelow(DiskState.INCONSISTENT);
    boolean peerBad = after.disk().isBelow(DiskState.INCONSISTENT);
    boolean peerWasBad = before.disk().isBelow(DiskState.INCONSISTENT);
    return refuseIf(
            is && ownBad && !(was && ownWasBad),
            StateError.NO_LOCAL_DISK,
            () -> "volume %d: the own disk is %s".formatted(volume, draft.disk(volume).word()))
        .or(
            () ->
                refuseIf(
                    is && peerBad && !(was && peerWasBad),
                    StateError.NO_REMOTE_DISK,
                    () ->
                        "volume %d: the disk of node %d is %s"
                            .formatted(volume, peer, after.disk().word())));
  }

  /** Rules 18 to 21. */
  Optional<Outcome.Refused> transitions(int volume) {
    return onAnyConnection(
        volume,
        peer -> {
          PeerDeviceSnapshot before = draft.oldDevice(peer, volume);
          PeerDeviceSnapshot after = draft.device(peer, volume);
          Optional<Outcome.Refused> refused =
              before.replication() == after.replication()
                  ? Optional.empty()
                  : verify(peer, after.replication())
                      .or(() -> start(peer, before.replication(), after.replication()));
          return refused.or(() -> comesWithDisk(peer, before, after));
        });
  }

  /** Rule 18. */
  private Optional<Outcome.Refused> verify(int peer, ReplicationState after) {
    boolean verify = after == VERIFY_S || after == VERIFY_T;
    ConnectionFacts facts = draft.next().connection(peer).facts();
    return refuseIf(
            verify && !facts.verifyAlgorithm(),
            StateError.NO_VERIFY_ALG,
            () -> "the connection to node %d has no verify-alg".formatted(peer))
        .or(
            () ->
                refuseIf(
                    verify && facts.protocolVersion() < VERIFY_VERSION,
                    StateError.NOT_SUPPORTED,
                    () ->
                        "node %d speaks protocol version %d, and verify needs %d"
                            .formatted(peer, facts.protocolVersion(), VERIFY_VERSION)));
  }

  /** Rules 19 and 20. */
  private static Optional<Outcome.Refused> start(
      int peer, ReplicationState before, ReplicationState after) {
    boolean starting = after == STARTING_SYNC_S || after == STARTING_SYNC_T;
    boolean verify = after == VERIFY_S || after == VERIFY_T;
    boolean running =
        (after == WF_BITMAP_S && before.isSource())
            || (after == WF_BITMAP_T && before.isTarget())
            || ((starting || verify) && before.isAbove(ESTABLISHED));
    boolean unconnected = (starting || verify) && before.isBelow(ESTABLISHED);
    return refuseIf(
            running,
            StateError.RESYNC_RUNNING,
            () -> "with node %d it is %s".formatted(peer, before.word()))
        .or(
            () ->
                refuseIf(
                    unconnected,
                    StateError.NEED_CONNECTION,
                    () -> "with node %d it is %s".formatted(peer, before.word())));
  }

  /** Rule 21. */
  private static Optional<Outcome.Refused> comesWithDisk(
      int peer, PeerDeviceSnapshot before, PeerDeviceSnapshot after) {
    boolean hasDisk =
        after.disk().isAbove(DiskState.DISKLESS) && after.disk() != DiskState.D_UNKNOWN;
    return refuseIf(
        before.disk() == DiskState.DISKLESS && hasDisk && after.disklessByIntent(),
        StateError.ATTACH_NO_BITMAP,
        () ->
            "node %d is configured with bitmap no, and attaches a disk to volume %d"
                .formatted(peer, after.volume()));
  }

  private Optional<Outcome.Refused> onAnyConnection(
      int volume, Function<Integer, Optional<Outcome.Refused>> rule) {
    return draft.peers(volume).stream().map(rule).flatMap(Optional::stream).findFirst();
  }
}
