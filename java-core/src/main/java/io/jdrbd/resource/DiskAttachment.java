package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.attached.TrackedDisk;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How disks come to volumes (spec 5.8.2). Used on the node's loop. */
final class DiskAttachment {
  private final DiskSource disks;
  private final SharedDisks shared;
  private final MetadataOpening metadata;
  private final ConnectionDriver driver;
  private final RoleChanges roles;
  private final DiskRemoval removal;

  DiskAttachment(
      DiskSource disks,
      MetadataOpening metadata,
      ConnectionDriver driver,
      RoleChanges roles,
      DiskRemoval removal) {
    this.disks = disks;
    this.driver = driver;
    this.shared = new SharedDisks(disks);
    this.metadata = metadata;
    this.roles = roles;
    this.removal = removal;
  }

  CompletionStage<Verdict> attach(Volume volume, AttachOptions options) {
    Verdict verdict = mayAttach(volume, options);
    if (!verdict.ok()) {
      return now(verdict);
    }
    CompletionStage<BlockDisk> opening;
    try {
      opening = disks.open(options.disk());
    } catch (IllegalArgumentException e) {
      return now(Verdict.refused(ConfigError.INVALID_REQUEST, e.getMessage()));
    }
    volume.attaching(options);
    volume.resource().changed();
    return opening
        .exceptionally(
            error -> {
              throw RefusedException.ofOpening(
                  error, ConfigError.BDCLAIM_DISK, ConfigError.OPEN_DISK);
            })
        .thenCompose(data -> prepared(volume, options, data))
        .thenCompose(disk -> attached(volume, disk))
        .exceptionally(error -> notAttached(volume, error))
        .thenApply(
            result -> {
              volume.resource().changed();
              return result;
            });
  }

  private static Verdict mayAttach(Volume volume, AttachOptions options) {
    Verdict byState = DiskRules.attach(volume.facts());
    if (!byState.ok() || options.metadata().isEmpty()) {
      return byState;
    }
    MetadataPlace place = options.metadata().get();
    boolean same = place.path().equals(options.disk().path());
    if (same != place.isInternal()) {
      return Verdict.refused(
          ConfigError.MD_IDX_INVALID,
          same
              ? "index '%s' needs a device of its own for the metadata; 'internal' keeps it on %s"
                  .formatted(place.index(), place.path())
              : "index 'internal' means that the metadata is on %s itself, not on %s"
                  .formatted(options.disk().path(), place.path()));
    }
    return byState;
  }

  private CompletionStage<AttachedDisk> prepared(
      Volume volume, AttachOptions options, BlockDisk data) {
    if (options.metadata().isEmpty()) {
      return CompletableFuture.completedStage(AttachedDisk.plain(options, data));
    }
    return separate(options)
        .thenCompose(
            separate ->
                metadata
                    .open(volume, options, data, separate.orElse(data))
                    .thenApply(read -> tracked(options, data, separate, read))
                    .exceptionallyCompose(
                        error ->
                            closed(separate)
                                .thenCompose(
                                    then ->
                                        CompletableFuture.failedStage(
                                            RefusedException.ofMetadata(error)))))
        .exceptionallyCompose(
            error ->
                closed(Optional.of(data))
                    .thenCompose(then -> CompletableFuture.failedStage(error)));
  }

  private static AttachedDisk tracked(
      AttachOptions options, BlockDisk data, Optional<BlockDisk> separate, VolumeMetadata read) {
    return new AttachedDisk(
        options, data, separate, new TrackedDisk(read.backing()), Optional.of(read));
  }

  private CompletionStage<Optional<BlockDisk>> separate(AttachOptions options) {
    return options
        .separateMetadata()
        .map(
            spec ->
                holder(spec, options.metadata().orElseThrow())
                    .thenApply(Optional::of)
                    .exceptionally(
                        error -> {
                          throw RefusedException.ofOpening(
                              error, ConfigError.BDCLAIM_MD_DISK, ConfigError.OPEN_MD_DISK);
                        }))
        .orElse(CompletableFuture.completedStage(Optional.empty()));
  }

  /** A device with an index has metadata of other volumes, too. */
  private CompletionStage<BlockDisk> holder(DiskSpec spec, MetadataPlace place) {
    return switch (place.placement()) {
      case Placement.Indexed(int index) -> shared.open(spec, index);
      case Placement.Internal(), Placement.Flexible() -> disks.open(spec);
    };
  }

  private CompletionStage<Void> closed(Optional<BlockDisk> disk) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    disk.ifPresentOrElse(
        open -> open.close(() -> closed.complete(null)), () -> closed.complete(null));
    return closed;
  }

  private CompletionStage<Verdict> attached(Volume volume, AttachedDisk disk) {
    DiskState state =
        disk.metadata()
            .map(read -> SuperblockRules.diskAtAttach(read.superblock()))
            .map(DiskStates::ofMetadata)
            .orElse(DiskState.UP_TO_DATE);
    disk.metadata().ifPresent(read -> read.whenFails(error -> fail(volume, disk, error)));
    disk.metadata().ifPresent(read -> volume.resource().raiseDagtag(read.newestDagtag()));
    volume.hasDisk(disk);
    Optional<CompletionStage<Verdict>> amongPeers = driver.attach(volume, state);
    if (amongPeers.isEmpty()) {
      volume.diskBecame(state);
      return inUse(volume, disk, "");
    }
    return amongPeers
        .get()
        .thenCompose(
            verdict ->
                verdict.ok()
                    ? inUse(volume, disk, verdict + ": ")
                    : removal.notUsed(volume, disk).thenApply(then -> verdict));
  }

  private CompletionStage<Verdict> inUse(Volume volume, AttachedDisk disk, String peers) {
    Verdict passed =
        Verdict.passed(
            "%s%s, %d bytes, %s"
                .formatted(
                    peers,
                    disk.data().description(),
                    disk.front().geometry().sizeBytes(),
                    disk.metadata().map(VolumeMetadata::summary).orElse("no metadata")));
    if (volume.resource().role() != Role.PRIMARY) {
      return now(passed);
    }
    return (volume.isReplicated()
            ? RoleChanges.writtenAsPrimary(volume)
            : roles.promotedVolume(volume, false))
        .thenApply(then -> passed);
  }

  /** Metadata that cannot be written ends the use of the disk, whatever its options say. */
  private void fail(Volume volume, AttachedDisk disk, DiskException error) {
    if (volume.metadata().equals(disk.metadata())) {
      removal.fail(volume, "its metadata cannot be written: " + error.getMessage());
    }
  }

  private static Verdict notAttached(Volume volume, Throwable error) {
    volume.diskless();
    return RefusedException.verdict("attach of " + volume.name(), error);
  }

  static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
