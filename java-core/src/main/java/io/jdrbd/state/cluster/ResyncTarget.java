package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A volume is target of one resync at a time: which one (spec 4.3, rule 9). */
final class ResyncTarget {
  /** A resync in progress is left for one that has fewer dirty bits by more than this. */
  private static final long DIRTY_BITS_MARGIN = 256;

  private ResyncTarget() {}

  static void choose(Draft draft, int volume) {
    List<Integer> peers = draft.peers(volume);
    List<Integer> targets =
        peers.stream().filter(peer -> draft.device(peer, volume).replication().isTarget()).toList();
    Optional<Integer> chosen = chosen(draft, volume, targets);
    for (int peer : peers) {
      boolean isChosen = chosen.filter(target -> target == peer).isPresent();
      boolean waits = chosen.isPresent() && !isChosen;
      draft.setPause(peer, volume, pause -> pause.withOther(waits));
      draft.changeDevice(peer, volume, device -> device.withResyncActive(isChosen));
    }
    for (int peer : targets) {
      boolean active = draft.device(peer, volume).resyncActive();
      draft.setReplication(
          peer,
          volume,
          active ? ReplicationState.SYNC_TARGET : ReplicationState.PAUSED_SYNC_T,
          active ? "nothing keeps the resync any more" : "the resync is to wait");
    }
  }

  private static Optional<Integer> chosen(Draft draft, int volume, List<Integer> targets) {
    List<Integer> ready = targets.stream().filter(peer -> isReady(draft, peer, volume)).toList();
    Optional<Integer> best =
        ready.stream().min(Comparator.comparingLong(peer -> dirtyBits(draft, peer, volume)));
    Optional<Integer> current =
        ready.stream().filter(peer -> draft.device(peer, volume).resyncActive()).findFirst();
    return current
        .filter(
            peer ->
                dirtyBits(draft, peer, volume)
                    <= dirtyBits(draft, best.orElse(peer), volume) + DIRTY_BITS_MARGIN)
        .or(() -> best);
  }

  private static boolean isReady(Draft draft, int peer, int volume) {
    PeerDeviceSnapshot device = draft.device(peer, volume);
    return !device.pause().anyButOther() && device.disk().isAtLeast(DiskState.OUTDATED);
  }

  private static long dirtyBits(Draft draft, int peer, int volume) {
    return draft.device(peer, volume).facts().dirtyBits();
  }
}
