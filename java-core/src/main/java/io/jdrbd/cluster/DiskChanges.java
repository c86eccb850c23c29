package io.jdrbd.cluster;

import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.AttachResult;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ClusterAgreement;
import io.jdrbd.state.cluster.ClusterAgreement.Need;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.cluster.Wishes;
import io.jdrbd.state.twopc.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The own disk of a volume comes and goes while peers may be connected (spec 3.9.2, 4.8, 4.22): by
 * a transaction, or below protocol version 110 a detach by the consent of the peer.
 */
final class DiskChanges {
  /** A peer that has not said by then how it compares has nothing to say (spec 3.9.2). */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  private final ClusterResource resource;

  DiskChanges(ClusterResource resource) {
    this.resource = resource;
  }

  /**
   * The disk is to leave in order.
   *
   * @return passed when it is Detaching
   */
  CompletionStage<Verdict> detach(ClusterVolume volume) {
    int number = volume.number();
    return new Attempts(resource)
        .untilDecided(
            () ->
                attempt(
                    "detach",
                    number,
                    now ->
                        now.volume(number).disk().isAbove(DiskState.FAILED)
                            ? Wishes.disk(now, number, DiskState.DETACHING)
                            : now));
  }

  /**
   * A disk was opened; nobody uses it yet.
   *
   * @param disk with its metadata
   * @param byMetadata its state where no peer says otherwise
   * @return passed when it has that state, or is Negotiating; refused if it cannot stay
   */
  CompletionStage<Verdict> attach(ClusterVolume volume, BackingDisk disk, DiskState byMetadata) {
    Optional<Verdict> obstacle = obstacle(volume, disk, byMetadata);
    if (obstacle.isPresent()) {
      return CompletableFuture.completedStage(obstacle.get());
    }
    return shrunk(volume, disk)
        .thenCompose(then -> prepared(volume))
        .thenCompose(
            then ->
                new Attempts(resource).untilDecided(() -> attemptAttach(volume, disk, byMetadata)));
  }

  /** A fresh disk that is larger is used as far as the peers' disks reach. */
  private CompletionStage<Void> shrunk(ClusterVolume volume, BackingDisk disk) {
    CompletableFuture<Void> shrunk = new CompletableFuture<>();
    if (isLarger(volume, disk)) {
      disk.shrink(Sectors.toBytes(volume.exportedSectors()), error -> shrunk.complete(null));
    } else {
      shrunk.complete(null);
    }
    return shrunk;
  }

  private boolean isLarger(ClusterVolume volume, BackingDisk disk) {
    return isCompared(volume) && Sectors.ofBytes(disk.sizeBytes()) > volume.exportedSectors();
  }

  /** Whether a connected peer has a disk, which gives the volume its size. */
  private boolean isCompared(ClusterVolume volume) {
    return volume.exportedSectors() != 0 && devices(volume).stream().anyMatch(DiskChanges::hasDisk);
  }

  private Optional<Verdict> obstacle(ClusterVolume volume, BackingDisk disk, DiskState byMetadata) {
    long sectors = Sectors.ofBytes(disk.sizeBytes());
    boolean fresh = byMetadata == DiskState.INCONSISTENT;
    boolean fits =
        fresh ? sectors >= volume.exportedSectors() : sectors == volume.exportedSectors();
    if (isCompared(volume) && !fits) {
      return Optional.of(
          Verdict.refused(
              ConfigError.DISK_TOO_SMALL,
              "the disk has room for %d sectors, but the volume has %d: %s"
                  .formatted(
                      sectors,
                      volume.exportedSectors(),
                      sectors < volume.exportedSectors()
                          ? "it must have at least as many"
                          : "disconnect first, as there is data on it")));
    }
    boolean foreign =
        resource.now().role() == Role.PRIMARY
            && !volume.exposed().isNone()
            && !volume.exposed().is(volume.local().generations().current());
    boolean canCatchUp =
        devices(volume).stream().anyMatch(device -> device.disk() == DiskState.UP_TO_DATE);
    return foreign && !canCatchUp
        ? Optional.of(
            Verdict.refused(
                ConfigError.DATA_NOT_CURRENT,
                "applications have seen generation %016X, the disk has %016X, and no UpToDate peer is connected"
                    .formatted(volume.exposed().current(), volume.local().generations().current())))
        : Optional.empty();
  }

  private List<PeerDeviceSnapshot> devices(ClusterVolume volume) {
    return resource.now().connections().values().stream()
        .filter(connection -> connection.isConnected())
        .map(connection -> connection.device(volume.number()))
        .toList();
  }

  private static boolean hasDisk(PeerDeviceSnapshot device) {
    return device.disk().isAtLeast(DiskState.INCONSISTENT) && device.disk() != DiskState.D_UNKNOWN;
  }

  /** The identifier of a Primary's data says so; and this node has been there all the time. */
  private CompletionStage<Void> prepared(ClusterVolume volume) {
    if (resource.now().role() != Role.PRIMARY) {
      return CompletableFuture.completedStage(null);
    }
    if (!volume.exposed().isNone()) {
      volume.local().forgetCrash();
    }
    CompletableFuture<Void> prepared = new CompletableFuture<>();
    volume
        .local()
        .setGenerations(
            volume.local().generations().marked(true), error -> prepared.complete(null));
    return prepared;
  }

  private CompletionStage<Verdict> attemptAttach(
      ClusterVolume volume, BackingDisk disk, DiskState byMetadata) {
    int number = volume.number();
    Outcome attaching =
        resource.change(now -> attaching(now, volume, disk), ChangeKind.SOFT, "attach of a disk");
    if (attaching instanceof Outcome.Refused refused) {
      return CompletableFuture.completedStage(Verdict.refused(refused.error(), refused.reason()));
    }
    forgetWhatPeersHave(number);
    return attempt("attach", number, now -> attached(now, number, byMetadata))
        .thenApply(
            verdict -> {
              awaitPeers(number);
              return verdict;
            });
  }

  /** What the disk remembers of itself and of the peers counts from now on. */
  private static ResourceSnapshot attaching(
      ResourceSnapshot now, ClusterVolume volume, BackingDisk disk) {
    return Remembered.in(now, volume, disk.superblock())
        .changeVolume(volume.number(), own -> own.withDisk(DiskState.ATTACHING));
  }

  private static ResourceSnapshot attached(ResourceSnapshot now, int number, DiskState byMetadata) {
    if (now.volume(number).disk() != DiskState.ATTACHING) {
      return now;
    }
    ResourceSnapshot wanted = Wishes.attached(now, number);
    return wanted.volume(number).disk() == DiskState.NEGOTIATING
        ? wanted
        : Wishes.disk(now, number, byMetadata);
  }

  /** They tell it anew, and both compare that. */
  private void forgetWhatPeersHave(int number) {
    resource
        .peers()
        .forEach(
            peer -> peer.volume(number).ifPresent(device -> device.identifiers().forgetPeer()));
  }

  private void awaitPeers(int number) {
    if (resource.now().volume(number).disk() == DiskState.NEGOTIATING) {
      resource.loop().schedule(PATIENCE_NS, () -> waitNoLonger(number));
    }
  }

  private void waitNoLonger(int number) {
    boolean exists = resource.now().volumes().containsKey(number);
    if (exists && resource.now().volume(number).disk() == DiskState.NEGOTIATING) {
      resource.change(
          now -> withoutAnswers(now, number),
          ChangeKind.HARD,
          "no peer says how the disk of volume %d compares".formatted(number));
    }
  }

  private static ResourceSnapshot withoutAnswers(ResourceSnapshot now, int number) {
    ResourceSnapshot changed = now;
    for (int peer : now.connections().keySet()) {
      if (now.device(peer, number).facts().attachResult() == AttachResult.OPEN) {
        changed =
            changed.changeDevice(
                peer,
                number,
                device ->
                    device.withFacts(device.facts().withAttachResult(AttachResult.NO_RESULT)));
      }
    }
    return changed;
  }

  // -- asking

  private CompletionStage<Verdict> attempt(
      String cause, int volume, UnaryOperator<ResourceSnapshot> wish) {
    ResourceSnapshot now = resource.known();
    return switch (StateChange.apply(now, wish.apply(now), ChangeKind.SOFT)) {
      case Outcome.Unchanged ignored -> passed(cause);
      case Outcome.Refused refused ->
          CompletableFuture.completedStage(Verdict.refused(refused.error(), refused.reason()));
      case Outcome.Changed changed ->
          asked(cause, volume, wish, ClusterAgreement.needed(now, changed.after()));
    };
  }

  private static CompletionStage<Verdict> passed(String cause) {
    return CompletableFuture.completedStage(Verdict.passed(cause));
  }

  /** One after the other; a transaction comes last, and brings the change into force itself. */
  private CompletionStage<Verdict> asked(
      String cause, int volume, UnaryOperator<ResourceSnapshot> wish, List<Need> needs) {
    CompletionStage<Verdict> agreed = passed(cause);
    for (Need need : needs) {
      agreed =
          agreed.thenCompose(
              verdict ->
                  verdict.ok()
                      ? ask(need, cause, volume, wish)
                      : CompletableFuture.completedStage(verdict));
    }
    boolean inForce = needs.stream().anyMatch(Need.Cluster.class::isInstance);
    return agreed.thenApply(verdict -> verdict.ok() && !inForce ? verdict(cause, wish) : verdict);
  }

  private CompletionStage<Verdict> ask(
      Need need, String cause, int volume, UnaryOperator<ResourceSnapshot> wish) {
    return switch (need) {
      case Need.Nobody ignored -> passed(cause);
      case Need.Peer(int node, var _, var request) ->
          resource
              .peer(node)
              .map(peer -> peer.requests().volume(volume, request))
              .orElseGet(() -> passed(cause));
      case Need.Cluster(var _, var _, var request) ->
          resource
              .transactions()
              .begin(OwnTransaction.ofVolume(cause, request, volume, Nodes.NONE, wish));
    };
  }

  private Verdict verdict(String cause, UnaryOperator<ResourceSnapshot> wish) {
    return switch (resource.change(wish, ChangeKind.SOFT, cause)) {
      case Outcome.Refused refused -> Verdict.refused(refused.error(), refused.reason());
      case Outcome.Changed ignored -> Verdict.passed(cause);
      case Outcome.Unchanged ignored -> Verdict.passed(cause);
    };
  }
}
