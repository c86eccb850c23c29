package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.RoleRules;
import io.jdrbd.state.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Role changes and what they leave on disk (spec 3.5.3, 5.4.5): a superblock that says Primary
 * before the first write, a new generation with the first write, a settled bitmap before the
 * superblock says Secondary. Used on the node's loop.
 */
final class RoleChanges {
  private final ConnectionDriver driver;

  /**
   * @param driver asks the peers
   */
  RoleChanges(ConnectionDriver driver) {
    this.driver = driver;
  }

  /** By command; the verdict comes when it is on disk. */
  CompletionStage<Verdict> primary(Resource resource, boolean force) {
    Optional<CompletionStage<Verdict>> agreed = driver.changeRole(resource, Role.PRIMARY, force);
    if (agreed.isPresent()) {
      return agreed
          .get()
          .thenCompose(verdict -> promotedWithPeers(resource, "primary", true, verdict));
    }
    Verdict verdict = RoleRules.promote(resource.facts(), force);
    resource.decisions().note(resource.name(), force ? "primary --force" : "primary", verdict);
    if (!verdict.ok()) {
      return DiskAttachment.now(verdict);
    }
    boolean already = resource.role() == Role.PRIMARY;
    CompletionStage<Optional<DiskException>> written =
        already ? CompletableFuture.completedStage(Optional.empty()) : promote(resource, true);
    resource.promoted(true);
    resource.changed();
    return written.thenApply(error -> error.map(this::notPromoted).orElse(verdict));
  }

  private Verdict notPromoted(DiskException error) {
    return Verdict.refused(
        ConfigError.IO_MD_DISK, "the superblock cannot be written: " + error.getMessage());
  }

  /** The peers have agreed, or have not; what is the peers' business has been done. */
  private CompletionStage<Verdict> promotedWithPeers(
      Resource resource, String question, boolean explicitly, Verdict agreed) {
    resource.decisions().note(resource.name(), question, agreed);
    if (!agreed.ok()) {
      return DiskAttachment.now(agreed);
    }
    resource.promoted(explicitly);
    resource.changed();
    return all(resource.volumes().stream().map(RoleChanges::writtenAsPrimary).toList())
        .thenApply(error -> error.map(this::notPromoted).orElse(agreed));
  }

  /** By the first writer; changes wait until it is on disk. */
  CompletionStage<Verdict> promotedByOpen(Resource resource) {
    Optional<CompletionStage<Verdict>> agreed = driver.changeRole(resource, Role.PRIMARY, false);
    if (agreed.isPresent()) {
      return agreed
          .get()
          .thenCompose(
              verdict -> promotedWithPeers(resource, "promotion by a writer", false, verdict));
    }
    promote(resource, false);
    return DiskAttachment.now(Verdict.passed("promoted by the first writer"));
  }

  private CompletionStage<Optional<DiskException>> promote(Resource resource, boolean explicitly) {
    resource.promoted(explicitly);
    return all(
        resource.volumes().stream()
            .map(volume -> promotedVolume(volume, RoleRules.mayBeForced(volume.diskState())))
            .toList());
  }

  /**
   * Makes a volume of a Primary ready for its writes, which are held back meanwhile.
   *
   * @param forced its data is declared UpToDate, as a generation of its own
   */
  CompletionStage<Optional<DiskException>> promotedVolume(Volume volume, boolean forced) {
    if (forced) {
      volume.setDiskState(DiskState.UP_TO_DATE, Volume.nobodyWaits());
    }
    CompletionStage<Optional<DiskException>> written = writtenAsPrimary(volume);
    volume
        .metadata()
        .ifPresent(
            metadata -> {
              if (forced) {
                beginGeneration(volume, metadata, true);
              } else {
                volume.front().beforeNextChange(() -> beginGeneration(volume, metadata, false));
              }
            });
    return written;
  }

  /** The superblock says Primary before the first write goes on. */
  static CompletionStage<Optional<DiskException>> writtenAsPrimary(Volume volume) {
    Optional<VolumeMetadata> metadata = volume.metadata();
    if (metadata.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    CompletableFuture<Optional<DiskException>> written = new CompletableFuture<>();
    volume.front().hold();
    metadata
        .get()
        .promoted(
            error -> {
              written.complete(error);
              volume.front().release();
            });
    return written;
  }

  private static void beginGeneration(Volume volume, VolumeMetadata metadata, boolean forced) {
    volume.front().hold();
    metadata.newGeneration(0, forced, error -> volume.front().release());
  }

  /** By command; the verdict comes when it is on disk. */
  CompletionStage<Verdict> secondary(Resource resource, boolean force) {
    Optional<CompletionStage<Verdict>> agreed = driver.changeRole(resource, Role.SECONDARY, force);
    if (agreed.isPresent()) {
      return agreed.get().thenCompose(verdict -> demotedWithPeers(resource, force, verdict));
    }
    Verdict verdict = RoleRules.demote(resource.facts(), force);
    resource.decisions().note(resource.name(), force ? "secondary --force" : "secondary", verdict);
    if (!verdict.ok()) {
      return DiskAttachment.now(verdict);
    }
    boolean was = resource.role() == Role.PRIMARY;
    resource.demoted(force && resource.volumes().stream().anyMatch(Volume::open));
    resource.changed();
    return was ? demoted(resource).thenApply(error -> verdict) : DiskAttachment.now(verdict);
  }

  private CompletionStage<Verdict> demotedWithPeers(
      Resource resource, boolean force, Verdict agreed) {
    resource.decisions().note(resource.name(), "secondary", agreed);
    if (!agreed.ok()) {
      return DiskAttachment.now(agreed);
    }
    resource.demoted(force && resource.volumes().stream().anyMatch(Volume::open));
    resource.changed();
    return demoted(resource).thenApply(error -> agreed);
  }

  /** Somebody has closed a volume; the last writer's close demotes, as far as it may. */
  void closed(Resource resource) {
    Role before = resource.role();
    resource.closed();
    if (before == Role.PRIMARY && resource.role() == Role.SECONDARY) {
      var _ = driver.changeRole(resource, Role.SECONDARY, false);
    }
    if (before == Role.PRIMARY && resource.role() == Role.SECONDARY) {
      demoted(resource);
    }
  }

  private static CompletionStage<Optional<DiskException>> demoted(Resource resource) {
    return all(resource.volumes().stream().map(RoleChanges::demotedVolume).toList());
  }

  private static CompletionStage<Optional<DiskException>> demotedVolume(Volume volume) {
    Optional<VolumeMetadata> metadata = volume.metadata();
    CompletableFuture<Optional<DiskException>> written = new CompletableFuture<>();
    if (metadata.isEmpty()) {
      written.complete(Optional.empty());
      return written;
    }
    volume.front().nothingBeforeNextChange();
    volume
        .front()
        .whenUnchanging(
            () -> {
              boolean stands =
                  volume.resource().role() == Role.SECONDARY
                      && volume.metadata().equals(metadata)
                      && volume.diskState().isAbove(DiskState.FAILED);
              if (stands) {
                metadata.get().demoted(written::complete);
              } else {
                written.complete(Optional.empty());
              }
            });
    return written;
  }

  /** Completes when all have, with the first failure. */
  private static CompletionStage<Optional<DiskException>> all(
      Collection<CompletionStage<Optional<DiskException>>> parts) {
    List<CompletableFuture<Optional<DiskException>>> futures =
        parts.stream().map(CompletionStage::toCompletableFuture).toList();
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                futures.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .findFirst());
  }
}
