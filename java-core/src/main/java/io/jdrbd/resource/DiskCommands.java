package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.metadata.text.GiText;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The commands that change what a disk counts for (spec 7, section 8.1). On the node's loop. */
public final class DiskCommands {
  private final Node node;

  DiskCommands(Node node) {
    this.node = node;
  }

  /** Says that the data is not the newest; the verdict comes when that is on disk. */
  public CompletionStage<Verdict> outdate(int minor) {
    return withVolume(
        minor,
        volume -> {
          Verdict verdict = DiskRules.outdate(volume.resource().role(), volume.facts());
          if (!verdict.ok() || volume.diskState() == DiskState.OUTDATED) {
            return DiskAttachment.now(verdict);
          }
          Answer answer = new Answer(verdict);
          volume.setDiskState(DiskState.OUTDATED, answer);
          volume.resource().changed();
          return answer.stage;
        });
  }

  /**
   * Changes the options of an attached disk. {@code al-extents}, {@code al-updates} and {@code
   * md-flushes} count from the next attach on.
   *
   * @param change of the options that are in force
   */
  public Verdict setOptions(int minor, UnaryOperator<DiskConfig> change) {
    Optional<Volume> volume = node.volume(minor);
    if (volume.isEmpty()) {
      return Node.unknownMinor(minor);
    }
    if (volume.get().attached().isEmpty()) {
      return Verdict.refused(ConfigError.NO_DISK, volume.get().name() + " has no disk");
    }
    DiskConfig before = volume.get().config();
    DiskConfig changed =
        change.apply(before).with(Map.of(DiskOption.SIZE.word(), before.get(DiskOption.SIZE)));
    if (!before.get(DiskOption.BITMAP).equals(changed.get(DiskOption.BITMAP))) {
      return Verdict.refused(
          ConfigError.INVALID_REQUEST, "bitmap cannot be changed while the disk is attached");
    }
    if (node.waitsForItself(minor, changed)) {
      return Verdict.refused(
          ConfigError.RESYNC_AFTER_CYCLE,
          "the volumes named by resync-after wait for minor " + minor);
    }
    volume.get().configure(changed);
    node.driver().optionsChanged(volume.get());
    return Verdict.passed("options: " + changed);
  }

  /**
   * Frees the bitmap slots that a node has in the metadata of a resource's disks; the verdict comes
   * when that is on disk. The node must not be a peer any more.
   */
  public CompletionStage<Verdict> forgetPeer(String resource, int peerNodeId) {
    Optional<Resource> known = node.resource(resource);
    if (known.isEmpty()) {
      return DiskAttachment.now(Node.unknownResource(resource));
    }
    if (known.get().connection(peerNodeId).isPresent()) {
      return DiskAttachment.now(
          Verdict.refused(
              ConfigError.NET_CONFIGURED,
              "node %d is a peer; delete it first".formatted(peerNodeId)));
    }
    if (peerNodeId < 0 || peerNodeId > Names.NODE_ID_MAX || peerNodeId == known.get().nodeId()) {
      return DiskAttachment.now(
          Verdict.refused(
              ConfigError.INVALID_PEER_NODE_ID,
              "%d is not the node id of a peer: it must be 0 to %d, and not this node's own"
                  .formatted(peerNodeId, Names.NODE_ID_MAX)));
    }
    CompletionStage<Verdict> all = DiskAttachment.now(Verdict.passed("forgotten"));
    for (Volume volume : known.get().volumes()) {
      all =
          all.thenCompose(
              verdict -> verdict.ok() ? forget(volume, peerNodeId) : DiskAttachment.now(verdict));
    }
    return all;
  }

  private static CompletionStage<Verdict> forget(Volume volume, int peerNodeId) {
    Verdict forgotten = Verdict.passed("forgotten");
    Answer answer = new Answer(forgotten);
    volume
        .metadata()
        .ifPresentOrElse(
            metadata ->
                metadata.update(
                    superblock ->
                        superblock instanceof SuperblockV09 nine
                            ? SuperblockRules.withoutPeer(nine, peerNodeId)
                            : superblock,
                    answer),
            () -> answer.ended(Optional.empty()));
    return answer.stage;
  }

  /** Lets the volume be as large as its disk is by now; applications see it from then on. */
  public CompletionStage<Verdict> resize(int minor, ResizeWish wish) {
    return withVolume(minor, volume -> new DiskResize(volume, wish, node.driver()).run());
  }

  /**
   * Begins a new generation by hand; the verdict comes when it is on disk (spec 3.5.4).
   *
   * @param clearBitmap all peers have the same data; new metadata counts as UpToDate then
   * @param becomesUpToDate the own data counts as UpToDate, whatever it was
   */
  public CompletionStage<Verdict> newCurrentUuid(
      int minor, boolean clearBitmap, boolean becomesUpToDate) {
    return withVolume(
        minor,
        volume -> {
          boolean connected =
              volume.resource().connections().stream()
                  .anyMatch(peer -> peer.state() == ConnectionState.CONNECTED);
          if (connected && clearBitmap) {
            Optional<CompletionStage<Verdict>> skipped = node.driver().skipInitialSync(volume);
            if (skipped.isPresent()) {
              return skipped.get();
            }
          }
          if (connected) {
            return DiskAttachment.now(
                Verdict.refused(ConfigError.CONNECTED, "a peer is connected; disconnect first"));
          }
          return volume
              .metadata()
              .filter(metadata -> volume.diskState().isAbove(DiskState.NEGOTIATING))
              .map(metadata -> begin(volume, metadata, clearBitmap, becomesUpToDate))
              .orElseGet(
                  () ->
                      DiskAttachment.now(
                          Verdict.refused(
                              ConfigError.NO_DISK, volume.name() + " has no disk with metadata")));
        });
  }

  private static CompletionStage<Verdict> begin(
      Volume volume, VolumeMetadata metadata, boolean clearBitmap, boolean becomesUpToDate) {
    boolean fresh = metadata.superblock().currentUuid() == Superblock.UUID_JUST_CREATED;
    boolean sameEverywhere = fresh && clearBitmap;
    if (clearBitmap) {
      Bitmap bitmap = metadata.backing().bitmap();
      for (int slot = 0; slot < bitmap.slots(); slot++) {
        bitmap.clear(slot, bitmap.all());
      }
    }
    Answer answer = new Answer(Verdict.passed("a new generation"));
    metadata.update(
        superblock -> generation(volume, superblock, sameEverywhere), Volume.nobodyWaits());
    if (sameEverywhere || becomesUpToDate) {
      volume.setDiskState(DiskState.UP_TO_DATE, Volume.nobodyWaits());
      volume.resource().changed();
    }
    metadata.backing().writeBitmap(error -> settled(metadata, error, answer));
    return answer.stage;
  }

  private static void settled(
      VolumeMetadata metadata, Optional<DiskException> error, Answer answer) {
    if (error.isPresent()) {
      answer.ended(error);
    } else {
      metadata.refresh(answer);
    }
  }

  private static Superblock generation(
      Volume volume, Superblock superblock, boolean sameEverywhere) {
    boolean primary = volume.resource().role() == Role.PRIMARY;
    var peers = PeerFacts.of(volume).peers();
    Superblock begun =
        SuperblockRules.newGeneration(
            forgotten(superblock),
            peers,
            0,
            true,
            primary,
            volume.resource().dagtag(),
            VolumeMetadata::randomUuid);
    if (!sameEverywhere) {
      return begun;
    }
    return switch (begun) {
      case SuperblockV08 eight -> Generations84.of(eight).withBitmap(0).into(eight);
      case SuperblockV09 nine -> {
        Generations generations = Generations.of(nine);
        for (Generations.Peer peer : peers) {
          generations = generations.inSyncWith(peer.nodeId());
        }
        yield generations.into(nine, volume.resource().dagtag());
      }
    };
  }

  /** What peers were last in sync with is history now. */
  private static Superblock forgotten(Superblock superblock) {
    return switch (superblock) {
      case SuperblockV08 eight -> Generations84.of(eight).withBitmap(0).into(eight);
      case SuperblockV09 nine -> {
        Generations generations = Generations.of(nine);
        for (int node = 0; node < SuperblockV09.NODES; node++) {
          generations = node == nine.nodeId() ? generations : generations.inSyncWith(node);
        }
        yield generations.into(nine, 0);
      }
    };
  }

  /**
   * The generation identifiers and flags towards one node, as get-gi or show-gi has them.
   *
   * @param drawn with the legend of show-gi
   * @return empty if there is no such volume or no disk with metadata
   */
  public Optional<String> generations(String resource, int volume, int peer, boolean drawn) {
    return node.resource(resource)
        .flatMap(found -> found.volume(volume))
        .flatMap(Volume::metadata)
        .map(VolumeMetadata::superblock)
        .map(block -> drawn ? GiText.drawing(block, peer) : GiText.line(block, peer) + "\n");
  }

  private CompletionStage<Verdict> withVolume(
      int minor, Function<Volume, CompletionStage<Verdict>> action) {
    return node.volume(minor)
        .map(action)
        .orElseGet(() -> DiskAttachment.now(Node.unknownMinor(minor)));
  }

  /** A verdict that stands once it is on disk. */
  private static final class Answer implements Completion {
    private final CompletableFuture<Verdict> stage = new CompletableFuture<>();
    private final Verdict verdict;

    Answer(Verdict verdict) {
      this.verdict = verdict;
    }

    @Override
    public void ended(Optional<DiskException> error) {
      stage.complete(
          error
              .map(why -> Verdict.refused(ConfigError.IO_MD_DISK, why.getMessage()))
              .orElse(verdict));
    }
  }
}
