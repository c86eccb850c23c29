package io.jdrbd.resource;

import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.rules.ResizePlan;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The command {@code resize}: lets a volume in use be as large as its disk has become. While a peer
 * is connected, that is for the driver to settle with it. Used on the node's loop.
 */
final class DiskResize {
  private final Volume volume;
  private final ResizeWish wish;
  private final ConnectionDriver driver;
  private final DiskSizing sizing;

  /**
   * @param driver asks connected peers, and is told when the size has changed without any
   */
  DiskResize(Volume volume, ResizeWish wish, ConnectionDriver driver) {
    this.volume = volume;
    this.wish = wish;
    this.driver = driver;
    this.sizing = volume.sizing();
  }

  /** Resizes; the verdict comes when the new size is on disk and applications see it. */
  CompletionStage<Verdict> run() {
    Optional<Verdict> refusal = refusal();
    if (refusal.isPresent()) {
      return DiskAttachment.now(refusal.get());
    }
    return shaped().thenCompose(shaped -> shaped.ok() ? resized() : DiskAttachment.now(shaped));
  }

  /** The shape of the activity log is a matter of this node alone. */
  private CompletionStage<Verdict> shaped() {
    if (wish.shape().isEmpty()) {
      return DiskAttachment.now(Verdict.passed("the activity log stays as it is"));
    }
    return volume.metadata().isPresent()
        ? sizing.reshape(wish.shape().get())
        : DiskAttachment.now(
            Verdict.refused(ConfigError.MD_INVALID, volume.name() + " has no metadata"));
  }

  private CompletionStage<Verdict> resized() {
    if (isConnected()) {
      return driver.resize(volume, wish);
    }
    CompletableFuture<Void> end = new CompletableFuture<>();
    volume.resizing(end);
    return (volume.metadata().isPresent() ? withMetadata() : plain())
        .whenComplete((verdict, error) -> end.complete(null));
  }

  private boolean isConnected() {
    return volume.resource().connections().stream()
        .anyMatch(peer -> peer.state() == ConnectionState.CONNECTED);
  }

  private Optional<Verdict> refusal() {
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
    return Optional.empty();
  }

  private CompletionStage<Verdict> plain() {
    CompletableFuture<Verdict> seen = new CompletableFuture<>();
    volume.disk().refresh(now -> seen.complete(Verdict.passed(now.sizeBytes() + " bytes")));
    return seen;
  }

  private CompletionStage<Verdict> withMetadata() {
    return sizing
        .refreshed()
        .thenCompose(
            then ->
                sizing.planned(
                    this::carriedOut,
                    wish.sizeSectors(),
                    !wish.assumePeerHasSpace() && sizing.isHeld()));
  }

  private CompletionStage<Verdict> carriedOut(ResizePlan plan) {
    return sizing
        .moved(plan)
        .thenCompose(moved -> moved.ok() ? grown(plan) : DiskAttachment.now(moved));
  }

  private CompletionStage<Verdict> grown(ResizePlan plan) {
    long beforeBytes = volume.metadata().orElseThrow().backing().sizeBytes();
    long afterBytes = Sectors.toBytes(plan.sizeSectors());
    return sizing
        .grown(plan, !wish.assumeClean())
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
}
