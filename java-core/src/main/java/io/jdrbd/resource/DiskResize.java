package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.rules.ResizePlan;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Lets a volume in use be as large as its disk has become, while no peer is connected (spec 5.9.1).
 * Used on the node's loop.
 */
final class DiskResize {
  private final Volume volume;
  private final ResizeWish wish;
  private final ConnectionDriver driver;

  /**
   * @param driver is told when the size has changed
   */
  DiskResize(Volume volume, ResizeWish wish, ConnectionDriver driver) {
    this.volume = volume;
    this.wish = wish;
    this.driver = driver;
  }

  /** Resizes; the verdict comes when the new size is on disk and applications see it. */
  CompletionStage<Verdict> run() {
    Optional<Verdict> refusal = refusal();
    if (refusal.isPresent()) {
      return DiskAttachment.now(refusal.get());
    }
    CompletableFuture<Void> end = new CompletableFuture<>();
    volume.resizing(end);
    return (volume.metadata().isPresent() ? withMetadata() : plain())
        .whenComplete((verdict, error) -> end.complete(null));
  }

  private Optional<Verdict> refusal() {
    boolean connected =
        volume.resource().connections().stream()
            .anyMatch(peer -> peer.state() == ConnectionState.CONNECTED);
    if (volume.diskState() == DiskState.DISKLESS) {
      return Optional.of(Verdict.refused(ConfigError.NO_DISK, volume.name() + " has no disk"));
    }
    if (!volume.diskState().isAbove(DiskState.FAILED) || volume.isResizing()) {
      return Optional.of(
          Verdict.refused(
              StateError.IN_TRANSIENT_STATE,
              volume.isResizing()
                  ? volume.name() + " is being resized already"
                  : "the disk is " + volume.diskState().word() + " just now"));
    }
    return connected
        ? Optional.of(
            Verdict.refused(
                ConfigError.CONNECTED,
                "this version of jdrbd resizes only while no peer is connected: disconnect, resize"
                    + " both nodes with --assume-peer-has-space, and connect again"))
        : Optional.empty();
  }

  private CompletionStage<Verdict> plain() {
    CompletableFuture<Verdict> seen = new CompletableFuture<>();
    volume.disk().refresh(now -> seen.complete(Verdict.passed(now.sizeBytes() + " bytes")));
    return seen;
  }

  private CompletionStage<Verdict> withMetadata() {
    VolumeMetadata metadata = volume.metadata().orElseThrow();
    BackingDisk backing = metadata.backing();
    return refreshed(backing.data())
        .thenCompose(
            data ->
                refreshed(backing.metadata())
                    .thenCompose(
                        holder -> planned(metadata, data.sizeBytes(), holder.sizeBytes())));
  }

  private static CompletionStage<DiskGeometry> refreshed(BlockDisk disk) {
    CompletableFuture<DiskGeometry> seen = new CompletableFuture<>();
    disk.refresh(seen::complete);
    return seen;
  }

  private CompletionStage<Verdict> planned(
      VolumeMetadata metadata, long dataBytes, long metadataBytes) {
    BackingDisk backing = metadata.backing();
    boolean peersHold =
        !wish.assumePeerHasSpace()
            && SuperblockRules.peersHoldSize(metadata.superblock(), volume.peersWithBitmap());
    try {
      ResizePlan plan =
          ResizePlan.of(
              metadata.superblock(),
              metadata.placement(),
              backing.layout(),
              Sectors.ofBytes(backing.sizeBytes()),
              new ResizePlan.Facts(
                  Sectors.ofBytes(dataBytes), metadataBytes, wish.sizeSectors(), peersHold));
      return done(step -> backing.relocate(plan.layout(), step))
          .thenCompose(moved -> moved.ok() ? grown(backing, plan) : DiskAttachment.now(moved));
    } catch (MetadataException refused) {
      return DiskAttachment.now(
          RefusedException.verdict("resize", RefusedException.ofMetadata(refused)));
    }
  }

  private CompletionStage<Verdict> grown(BackingDisk backing, ResizePlan plan) {
    long beforeBytes = backing.sizeBytes();
    long afterBytes = Sectors.toBytes(plan.sizeSectors());
    return done(step -> backing.grow(plan.layout(), afterBytes, !wish.assumeClean(), step))
        .thenApply(
            written -> {
              if (!written.ok()) {
                return written;
              }
              volume.configureSize(wish.sizeSectors());
              volume.lookAtSize();
              driver.resized(volume);
              volume.resource().changed();
              return Verdict.passed(
                  "%d -> %d bytes%s"
                      .formatted(
                          beforeBytes,
                          afterBytes,
                          plan.held()
                              ? ": a peer that had a disk is not connected, and may not have more;"
                                  + " --assume-peer-has-space says that it has"
                              : ""));
            });
  }

  private static CompletionStage<Verdict> done(Consumer<Completion> step) {
    CompletableFuture<Verdict> ended = new CompletableFuture<>();
    step.accept(error -> ended.complete(verdict(error)));
    return ended;
  }

  private static Verdict verdict(Optional<DiskException> error) {
    return error
        .map(why -> Verdict.refused(ConfigError.IO_MD_DISK, why.getMessage()))
        .orElse(Verdict.passed("on disk"));
  }
}
