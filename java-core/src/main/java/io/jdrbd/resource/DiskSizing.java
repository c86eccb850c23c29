package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.rules.ResizePlan;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How large the disk of a volume is, how large it could be, and how it becomes larger (spec 5.9.1).
 * Used on the node's loop; steps of several callers follow one another.
 */
public final class DiskSizing {
  private final Volume volume;

  DiskSizing(Volume volume) {
    this.volume = volume;
  }

  /** What the disk had room for when it was looked at last, in sectors; 0 without metadata. */
  public long roomSectors() {
    return volume.metadata().map(this::room).orElse(0L);
  }

  private long room(VolumeMetadata metadata) {
    try {
      return plan(metadata, 0, false).sizeSectors();
    } catch (MetadataException shrunk) {
      return Sectors.ofBytes(metadata.backing().sizeBytes());
    }
  }

  /**
   * Looks at the devices anew. Internal metadata moves to the end of a device that has grown; the
   * data keeps its size.
   *
   * @return refused if the devices cannot be used as they are now
   */
  public CompletionStage<Verdict> look() {
    return inTurn(() -> refreshed().thenCompose(then -> planned(this::moved, 0, false)));
  }

  /**
   * Lets the data be larger: what is new is marked, and counts when that is durable. Whoever shows
   * the size to applications is told by the caller.
   *
   * @param sectors not less than now, and not more than {@link #roomSectors}
   * @param outOfSync whether what is new may differ from what peers have there
   */
  public CompletionStage<Verdict> grow(long sectors, boolean outOfSync) {
    return inTurn(() -> planned(plan -> grown(plan, outOfSync), sectors, false));
  }

  /**
   * Lets the data be smaller. Only for a disk whose data nobody needs: a fresh one beside a smaller
   * disk of a peer.
   *
   * @param sectors not more than now
   */
  public CompletionStage<Verdict> shrink(long sectors) {
    return inTurn(() -> done(step -> backing().shrink(Sectors.toBytes(sectors), step)));
  }

  /**
   * Gives the activity log another shape, as far as there is room between data and metadata's end.
   *
   * @return refused with 167, 169 or 170 if there is none
   */
  public CompletionStage<Verdict> reshape(AlGeometry shape) {
    return inTurn(
        () ->
            refreshed()
                .thenCompose(then -> planned(this::moved, 0, false))
                .thenCompose(moved -> moved.ok() ? reshaped(shape) : DiskAttachment.now(moved)));
  }

  private CompletionStage<Verdict> reshaped(AlGeometry shape) {
    VolumeMetadata metadata = volume.metadata().orElseThrow();
    BackingDisk backing = metadata.backing();
    if (shape.equals(metadata.superblock().common().al())) {
      return DiskAttachment.now(Verdict.passed("the activity log has that shape"));
    }
    Layout to =
        Layout.of(
            metadata.placement(),
            backing.metadata().geometry().sizeBytes(),
            metadata.superblock().area(),
            shape);
    return obstacle(metadata, to, shape)
        .map(DiskAttachment::now)
        .orElseGet(() -> done(step -> backing.reshape(to, shape, step)));
  }

  private static Optional<Verdict> obstacle(VolumeMetadata metadata, Layout to, AlGeometry shape) {
    BackingDisk backing = metadata.backing();
    if (shape.blocks() > MetadataStore.LOG_BLOCKS_MAX) {
      return refusal(
          ConfigError.MD_LAYOUT_TOO_BIG,
          "an activity log of %d blocks of 4 KiB is asked for: at most %d can be read back"
              .formatted(shape.blocks(), MetadataStore.LOG_BLOCKS_MAX));
    }
    if (metadata.placement() instanceof Placement.Indexed) {
      return refusal(
          ConfigError.MD_LAYOUT_NO_FIT, "the activity log of a region with an index is 32 KiB");
    }
    long dataSectors = Sectors.ofBytes(backing.data().geometry().sizeBytes());
    long room =
        to.firstByte() < 0 ? 0 : to.dataSectorsMax(dataSectors, metadata.superblock().area());
    long present = Sectors.ofBytes(backing.sizeBytes());
    return room >= present
        ? Optional.empty()
        : refusal(
            ConfigError.IMPLICIT_SHRINK,
            "with such an activity log there is room for %d sectors, and %d are in use"
                .formatted(room, present));
  }

  private static Optional<Verdict> refusal(ConfigError error, String reason) {
    return Optional.of(Verdict.refused(error, reason));
  }

  private CompletionStage<Verdict> inTurn(Supplier<CompletionStage<Verdict>> step) {
    CompletionStage<Void> before = volume.resizing();
    CompletableFuture<Void> end = new CompletableFuture<>();
    volume.resizing(end);
    return before
        .thenCompose(
            then ->
                isUsable()
                    ? step.get()
                    : DiskAttachment.now(
                        Verdict.refused(ConfigError.NO_DISK, volume.name() + " has no disk")))
        .whenComplete((verdict, error) -> end.complete(null));
  }

  private boolean isUsable() {
    return volume.metadata().isPresent() && volume.diskState().isAbove(DiskState.FAILED);
  }

  private BackingDisk backing() {
    return volume.metadata().orElseThrow().backing();
  }

  /** The devices tell their sizes. */
  CompletionStage<Void> refreshed() {
    BackingDisk backing = backing();
    return refreshed(backing.data())
        .thenCompose(then -> refreshed(backing.metadata()))
        .thenAccept(then -> {});
  }

  private static CompletionStage<DiskGeometry> refreshed(BlockDisk disk) {
    CompletableFuture<DiskGeometry> seen = new CompletableFuture<>();
    disk.refresh(seen::complete);
    return seen;
  }

  /** What is to be done with a plan. */
  @FunctionalInterface
  interface Step {
    CompletionStage<Verdict> of(ResizePlan plan);
  }

  /**
   * Does something with what a resize would come to.
   *
   * @param wishSectors 0 for all there is
   * @param held whether a peer that is away had a disk, and may not have the room
   */
  CompletionStage<Verdict> planned(Step step, long wishSectors, boolean held) {
    try {
      return step.of(plan(volume.metadata().orElseThrow(), wishSectors, held));
    } catch (MetadataException refused) {
      return DiskAttachment.now(
          RefusedException.verdict("resize", RefusedException.ofMetadata(refused)));
    }
  }

  private static ResizePlan plan(VolumeMetadata metadata, long wishSectors, boolean held)
      throws MetadataException {
    BackingDisk backing = metadata.backing();
    return ResizePlan.of(
        metadata.superblock(),
        metadata.placement(),
        backing.layout(),
        Sectors.ofBytes(backing.sizeBytes()),
        new ResizePlan.Facts(
            Sectors.ofBytes(backing.data().geometry().sizeBytes()),
            backing.metadata().geometry().sizeBytes(),
            wishSectors,
            held));
  }

  /** Whether a peer that is away and had a disk holds the size. */
  boolean isHeld() {
    return SuperblockRules.peersHoldSize(
        volume.metadata().orElseThrow().superblock(), volume.peersWithBitmap());
  }

  CompletionStage<Verdict> moved(ResizePlan plan) {
    return done(step -> backing().relocate(plan.layout(), step));
  }

  CompletionStage<Verdict> grown(ResizePlan plan, boolean outOfSync) {
    long bytes = Sectors.toBytes(plan.sizeSectors());
    return done(step -> backing().grow(plan.layout(), bytes, outOfSync, step));
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
