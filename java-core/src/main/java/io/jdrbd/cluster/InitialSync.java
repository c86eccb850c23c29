package io.jdrbd.cluster;

import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sync.UuidFlag;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Declares disks that never held data equal, so that the first sync is left out ({@code
 * new-current-uuid --clear-bitmap}, spec 6.14).
 */
final class InitialSync {
  private final ClusterResource resource;

  InitialSync(ClusterResource resource) {
    this.resource = resource;
  }

  /**
   * This node declares it.
   *
   * @return when it is durable here and the peers were told; refused if any of the disks was used
   *     before
   */
  CompletionStage<Verdict> skip(ClusterVolume volume) {
    List<PeerVolume> peers = established(volume);
    Optional<String> obstacle = obstacle(volume, peers);
    if (obstacle.isPresent()) {
      return CompletableFuture.completedStage(
          Verdict.refused(
              ConfigError.CONNECTED,
              obstacle.get()
                  + ": only while every disk is fresh and connected can the first sync be left"
                  + " out"));
    }
    GenerationChanges changes = resource.generations();
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    adopt(
        volume,
        own -> own.firstOfAll(changes.cluster(volume), isPrimary(), changes::random),
        () -> {
          peers.forEach(peer -> peer.identifiers().send(UuidFlag.SKIP_INITIAL_SYNC));
          allAreUpToDate(volume, peers);
          answer.complete(Verdict.passed("all disks are equal"));
        });
    return answer;
  }

  private List<PeerVolume> established(ClusterVolume volume) {
    return resource.peers().stream()
        .flatMap(peer -> peer.volume(volume.number()).stream())
        .filter(device -> device.replication() == ReplicationState.ESTABLISHED)
        .toList();
  }

  private static Optional<String> obstacle(ClusterVolume volume, List<PeerVolume> peers) {
    if (volume.backing().isEmpty()
        || volume.local().generations().current() != Superblock.UUID_JUST_CREATED) {
      return Optional.of("the disk of volume %d is not fresh".formatted(volume.number()));
    }
    return peers.stream()
        .filter(
            peer ->
                peer.identifiers()
                    .peer()
                    .map(uuids -> uuids.current() != Superblock.UUID_JUST_CREATED)
                    .orElse(true))
        .map(peer -> "the disk of node %d is not fresh".formatted(peer.peer().nodeId()))
        .findFirst();
  }

  /** A peer declares it, and this node's disk is fresh; nothing more is taken until it is done. */
  void skippedBy(PeerVolume peer, long uuid) {
    peer.peer().holdData();
    adopt(
        peer.volume(),
        own -> own.declaredAlike(uuid, isPrimary()),
        () -> {
          allAreUpToDate(peer.volume(), List.of(peer));
          peer.peer().releaseData();
        });
  }

  private boolean isPrimary() {
    return resource.now().role() == Role.PRIMARY;
  }

  /**
   * The bitmap is on disk before the generation that makes it count: a node that dies now comes
   * back either with nothing of this, or with nothing to resync.
   */
  private static void adopt(ClusterVolume volume, UnaryOperator<Generations> alike, Runnable then) {
    BackingDisk disk = volume.backing().orElseThrow();
    Bitmap bitmap = disk.bitmap();
    for (int slot = 0; slot < bitmap.slots(); slot++) {
      bitmap.clear(slot, bitmap.all());
    }
    disk.writeBitmap(
        error ->
            volume
                .local()
                .setGenerations(alike.apply(volume.local().generations()), written -> then.run()));
  }

  private void allAreUpToDate(ClusterVolume volume, List<PeerVolume> peers) {
    peers.forEach(peer -> peer.identifiers().isInSync(volume.local().generations()));
    resource.change(
        now -> {
          ResourceSnapshot changed =
              now.changeVolume(volume.number(), own -> own.withDisk(DiskState.UP_TO_DATE));
          for (PeerVolume peer : peers) {
            changed =
                changed.changeDevice(
                    peer.peer().nodeId(),
                    volume.number(),
                    device -> device.withDisk(DiskState.UP_TO_DATE));
          }
          return changed;
        },
        ChangeKind.HARD,
        "volume %d is the same on all nodes".formatted(volume.number()));
  }
}
