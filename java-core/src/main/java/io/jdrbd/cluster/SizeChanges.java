package io.jdrbd.cluster;

import io.jdrbd.replication.DataGate;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.sizes.NewSpace;
import io.jdrbd.state.sizes.PeerSize;
import io.jdrbd.state.sizes.SizeAgreement;
import io.jdrbd.state.sizes.SizeVerdict;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.SizeChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Lets volumes become larger while peers are connected: by a transaction, or below protocol version
 * 110 by telling each other sizes until both agree (spec 3.2.6, 4.21). What is new is resynced
 * without an exchange of bitmaps, as both have marked it. Volumes never shrink here.
 *
 * <p>A peer's data stream stands still from the moment that a size is agreed until this node has
 * it, so that nothing is asked for that is not there yet.
 */
final class SizeChanges {
  private static final System.Logger LOG = System.getLogger(SizeChanges.class.getName());

  private final ClusterResource resource;
  private final Map<Integer, CompletionStage<Verdict>> growing = new HashMap<>();

  SizeChanges(ClusterResource resource) {
    this.resource = resource;
  }

  // -- this node begins

  /** Asks the peers and grows; see {@link ClusterResource#resize}. */
  CompletionStage<Verdict> resize(ClusterVolume volume, SizeChange wish) {
    if (mayResize(volume.number()) instanceof Verdict.Refused refused) {
      return refused(ConfigError.RESIZE_RESYNC, refused.reason());
    }
    return volume
        .local()
        .look()
        .thenCompose(looked -> looked.ok() ? agreed(volume, wish) : now(looked));
  }

  private CompletionStage<Verdict> agreed(ClusterVolume volume, SizeChange wish) {
    long room = volume.local().roomSectors();
    if (wish.userSectors() > room) {
      return refused(
          ConfigError.DISK_TOO_SMALL,
          "a size of %d sectors is asked for, but the disk has only %d"
              .formatted(wish.userSectors(), room));
    }
    if (wish.userSectors() != 0 && wish.userSectors() < volume.exportedSectors()) {
      return refused(
          ConfigError.IMPLICIT_SHRINK,
          "a disk in use cannot shrink: it has %d sectors".formatted(volume.exportedSectors()));
    }
    boolean old =
        connected().stream()
            .anyMatch(peer -> resource.now().connection(peer.nodeId()).facts().isVersion84());
    return old ? told(volume, wish) : together(volume, wish);
  }

  private List<ClusterPeer> connected() {
    return resource.peers().stream()
        .filter(peer -> resource.now().connection(peer.nodeId()).isConnected())
        .toList();
  }

  private CompletionStage<Verdict> together(ClusterVolume volume, SizeChange wish) {
    long before = volume.exportedSectors();
    return new Attempts(resource)
        .untilDecided(
            () -> resource.transactions().begin(OwnTransaction.resize(volume.number(), wish)))
        .thenCompose(verdict -> decided(volume, wish, verdict))
        .thenApply(
            verdict ->
                verdict.ok()
                    ? Verdict.passed("%d -> %d sectors".formatted(before, volume.exportedSectors()))
                    : verdict);
  }

  /** A peer that says no to the transaction may still agree to sizes (spec 4.21). */
  private CompletionStage<Verdict> decided(ClusterVolume volume, SizeChange wish, Verdict verdict) {
    if (verdict.ok()) {
      return Optional.ofNullable(growing.remove(volume.number())).orElse(now(verdict));
    }
    boolean saidNo =
        verdict instanceof Verdict.Refused refused
            && refused.refusal() == StateError.CW_FAILED_BY_PEER;
    return saidNo ? told(volume, wish) : now(verdict);
  }

  /** The peer answers with its own size; what both can have is used from then on. */
  private CompletionStage<Verdict> told(ClusterVolume volume, SizeChange wish) {
    volume.wish(wish.userSectors());
    established(volume)
        .forEach(
            device -> {
              device.identifiers().send();
              device.packets().sendSizes(wish.flags());
            });
    return now(Verdict.passed("the peer is told, and grows as far as both have the room"));
  }

  private List<PeerVolume> established(ClusterVolume volume) {
    return resource.peers().stream()
        .flatMap(peer -> peer.volume(volume.number()).stream())
        .filter(device -> device.replication().isAtLeast(ReplicationState.ESTABLISHED))
        .toList();
  }

  // -- the transaction

  /** Whether a volume can have another size now. */
  Verdict mayResize(int number) {
    if (resource.volume(number).isEmpty()) {
      return Verdict.refused(
          StateError.NOT_SUPPORTED, "there is no volume %d here".formatted(number));
    }
    boolean busy =
        resource.now().connections().values().stream()
            .anyMatch(connection -> isBusy(connection.device(number).replication()));
    return busy
        ? Verdict.refused(StateError.RESYNC_RUNNING, "a resync or verify is under way")
        : Verdict.passed("it can be resized");
  }

  private static boolean isBusy(ReplicationState replication) {
    return replication.isAbove(ReplicationState.ESTABLISHED);
  }

  /** Looks at the own disk, of which the answer to a peer's question tells. */
  void look(int from, int number, Runnable then) {
    Optional<ClusterVolume> volume =
        resource.volume(number).filter(known -> known.backing().isPresent());
    if (volume.isEmpty()) {
      then.run();
      return;
    }
    var _ =
        volume
            .get()
            .local()
            .look()
            .thenRun(
                () -> {
                  if (resource.now().connection(from).isConnected()) {
                    then.run();
                  }
                });
  }

  /**
   * The size for all.
   *
   * @param maxSectors the most that everybody has room for
   * @return 0 where it stays as it is
   */
  long decide(Proposal proposal, long maxSectors) {
    ClusterVolume volume = resource.volume(proposal.volume()).orElseThrow();
    List<PeerSize> peers =
        resource.now().connections().values().stream()
            .map(connection -> peerSize(connection, volume.number(), maxSectors))
            .toList();
    SizeAgreement agreed =
        SizeAgreement.among(
            maxSectors,
            volume.local().agreedSectors(),
            peers,
            proposal.size().userSectors(),
            proposal.size().assumesSpace());
    agreed.complaint().ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
    return agreed.sectors() > volume.exportedSectors() ? agreed.sectors() : 0;
  }

  private PeerSize peerSize(ConnectionSnapshot connection, int volume, long maxSectors) {
    boolean here = connection.isConnected();
    long sectors = here ? maxSectors : 0;
    boolean seen = resource.now().volume(volume).slot(connection.peer()).seen();
    return new PeerSize(connection.peer(), sectors, here, sectors, seen);
  }

  /** All have agreed. */
  void commit(Proposal proposal, CommitMasks commit) {
    Optional<ClusterVolume> known = resource.volume(proposal.volume());
    if (known.isEmpty()) {
      return;
    }
    ClusterVolume volume = known.get();
    volume.wish(proposal.size().userSectors());
    int initiator = proposal.id().initiator();
    boolean clean = proposal.size().assumesClean();
    List<PeerVolume> alike = alike(volume);
    CompletionStage<Verdict> grown =
        grow(
            volume,
            commit.sectors(),
            !clean,
            () -> {
              if (!clean) {
                resync(
                    alike,
                    device ->
                        NewSpace.byTransaction(
                            commit.primaries(),
                            initiator == device.peer().nodeId(),
                            resource.now().settings().nodeId(),
                            device.peer().nodeId()));
              }
            });
    if (initiator == resource.now().settings().nodeId()) {
      growing.put(volume.number(), grown);
    }
  }

  // -- sizes that a peer tells

  /**
   * What follows from a peer's P_SIZES on a connection that stands.
   *
   * @param flags dds_flags of the packet
   */
  CompletionStage<Verdict> adopt(PeerVolume device, SizeVerdict.Adopt adopted, int flags) {
    ClusterVolume volume = device.volume();
    volume.wish(adopted.wishSectors());
    List<PeerVolume> alike = alike(volume);
    return grow(
        volume,
        adopted.sectors(),
        !adopted.newSpaceIsClean(),
        () -> {
          if (adopted.tellPeers()) {
            established(volume).forEach(peer -> peer.packets().sendSizes(flags));
          }
          if (adopted.resyncNewSpace()) {
            resync(alike, this::sourceOfNewSpace);
          }
        });
  }

  private NewSpace sourceOfNewSpace(PeerVolume device) {
    ClusterPeer peer = device.peer();
    return NewSpace.bySizes(
        resource.now().role(),
        resource.now().connection(peer.nodeId()).peerRole(),
        peer.dialect().protocolVersion(),
        peer.resolvesConflicts(),
        resource.now().settings().nodeId(),
        peer.nodeId());
  }

  /** What both came to in the handshake. */
  CompletionStage<Verdict> settle(ClusterVolume volume, SizeVerdict.Adopt adopted) {
    volume.wish(adopted.wishSectors());
    return adopted.sectors() < volume.exportedSectors()
        ? volume.local().shrink(adopted.sectors()).thenApply(verdict -> sized(volume, verdict))
        : now(Verdict.passed("the size stays"));
  }

  private static Verdict sized(ClusterVolume volume, Verdict verdict) {
    volume.backing().ifPresent(volume::sized);
    return verdict;
  }

  // -- growing

  /**
   * Grows, if it is not that large already.
   *
   * @param then what follows at once, before peers are listened to again
   */
  private CompletionStage<Verdict> grow(
      ClusterVolume volume, long sectors, boolean outOfSync, Runnable then) {
    if (sectors <= 0 || sectors > Masks.ANY_SIZE) {
      return refused(ConfigError.DISK_TOO_SMALL, sectors + " sectors cannot be");
    }
    if (volume.backing().isEmpty() || sectors <= volume.exportedSectors()) {
      if (volume.backing().isEmpty()) {
        volume.export(sectors);
      }
      then.run();
      return now(Verdict.passed("there is nothing to grow here"));
    }
    List<DataGate> gates = connected().stream().flatMap(peer -> peer.gate().stream()).toList();
    gates.forEach(DataGate::hold);
    return volume
        .local()
        .grow(sectors, outOfSync)
        .thenApply(
            verdict -> {
              if (sized(volume, verdict).ok()) {
                then.run();
              }
              resource.states().afterEffects(() -> gates.forEach(DataGate::release));
              return verdict;
            });
  }

  /**
   * Peers whose disks are as good as the own one. To be asked before this node grows: a peer that
   * is faster, and becomes the target of what is new, is Inconsistent by then.
   */
  private List<PeerVolume> alike(ClusterVolume volume) {
    boolean good = resource.now().volume(volume.number()).disk() == DiskState.UP_TO_DATE;
    return established(volume).stream()
        .filter(device -> good && device.snapshot().disk() == DiskState.UP_TO_DATE)
        .toList();
  }

  private static void resync(List<PeerVolume> alike, Function<PeerVolume, NewSpace> source) {
    for (PeerVolume device : alike) {
      if (device.replication() == ReplicationState.ESTABLISHED) {
        switch (source.apply(device)) {
          case OWN_IS_SOURCE -> device.resyncStart().sendNewSpace();
          case PEER_IS_SOURCE -> device.resyncStart().receiveNewSpace();
          case NOTHING -> {
            // neither has written anything there
          }
        }
      }
    }
  }

  private static CompletionStage<Verdict> refused(ConfigError error, String reason) {
    return now(Verdict.refused(error, reason));
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }
}
