package io.jdrbd.cluster;

import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Generations that no bitmap accounts for, as all peers are there: they begin here when the peers
 * have them. Otherwise a node that dies in between would come back with data that looks newer than
 * that of its successor, which as a Primary could not take it.
 */
final class Announcements {
  /** A peer answers at once; one that does not is told later what it missed. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

  private final ClusterResource resource;
  private final Map<Integer, Announced> announced = new HashMap<>();

  Announcements(ClusterResource resource) {
    this.resource = resource;
  }

  /** One that waits for some peers. */
  private record Announced(long uuid, Set<Integer> awaited, Loop.Timer timer, Runnable begin) {}

  /**
   * Tells the peers of a generation.
   *
   * @param begin called when all have it, or are gone
   */
  void announce(int volume, Generations next, Runnable begin) {
    Set<Integer> awaited = new TreeSet<>();
    for (ClusterPeer peer : resource.peers()) {
      Optional<PeerVolume> device = peer.volume(volume).filter(Announcements::follows);
      device.ifPresent(
          told -> {
            told.identifiers().sendNew(next, false);
            awaited.add(peer.nodeId());
          });
    }
    if (awaited.isEmpty()) {
      begin.run();
      return;
    }
    Loop.Timer timer = resource.loop().schedule(PATIENCE_NS, () -> finish(volume));
    announced.put(volume, new Announced(next.current(), awaited, timer, begin));
  }

  private static boolean follows(PeerVolume device) {
    return device.replication() == ReplicationState.ESTABLISHED
        && device.snapshot().disk() == DiskState.UP_TO_DATE
        && device.peer().dialect().isVersion9();
  }

  /** A peer has told which generation it has. */
  void told(int volume, int node, long uuid) {
    Optional.ofNullable(announced.get(volume))
        .filter(waiting -> Generations.plain(waiting.uuid()) == Generations.plain(uuid))
        .ifPresent(waiting -> came(volume, waiting, node));
  }

  /** The connection to a node is lost. */
  void lost(int node) {
    Map.copyOf(announced).forEach((volume, waiting) -> came(volume, waiting, node));
  }

  private void came(int volume, Announced waiting, int node) {
    waiting.awaited().remove(node);
    if (waiting.awaited().isEmpty()) {
      finish(volume);
    }
  }

  /** Nobody is waited for any longer. */
  void finish(int volume) {
    Optional.ofNullable(announced.remove(volume))
        .ifPresent(
            waiting -> {
              waiting.timer().cancel();
              waiting.begin().run();
            });
  }
}
