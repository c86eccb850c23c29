package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** How disks come to volumes and leave them. Used on the node's loop. */
final class DiskAttachment {
  private final DiskSource disks;
  private final Consumer<Resource> publish;

  /**
   * @param publish is told which resource has changed
   */
  DiskAttachment(DiskSource disks, Consumer<Resource> publish) {
    this.disks = disks;
    this.publish = publish;
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
    publish.accept(volume.resource());
    return opening
        .handle(
            (disk, error) ->
                error == null
                    ? attached(volume, options, disk)
                    : notAttached(volume, options, error))
        .thenApply(
            result -> {
              publish.accept(volume.resource());
              return result;
            });
  }

  private Verdict mayAttach(Volume volume, AttachOptions options) {
    Verdict byState = DiskRules.attach(volume.facts());
    if (!byState.ok()) {
      return byState;
    }
    if (!options.noMetadata()) {
      return Verdict.refused(
          ConfigError.MD_INVALID,
          "this version of jdrbd cannot read DRBD's metadata yet; '--no-metadata' attaches all of %s as data, without any memory of its past"
              .formatted(options.disk().path()));
    }
    return byState;
  }

  private static Verdict attached(Volume volume, AttachOptions options, BlockDisk disk) {
    volume.attached(options, disk);
    return Verdict.passed(
        "%s, %d bytes".formatted(disk.description(), disk.geometry().sizeBytes()));
  }

  private static Verdict notAttached(Volume volume, AttachOptions options, Throwable error) {
    volume.diskless(false);
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof DiskException disk && disk.errno() == Errno.EBUSY) {
      return Verdict.refused(ConfigError.BDCLAIM_DISK, disk.getMessage());
    }
    if (cause instanceof DiskException disk) {
      return Verdict.refused(ConfigError.OPEN_DISK, disk.getMessage());
    }
    throw new CompletionException("attach of " + options.disk().path(), cause);
  }

  CompletionStage<Verdict> detach(Volume volume, boolean force, boolean client) {
    Verdict verdict = DiskRules.detach(volume.resource().role(), volume.facts(), force);
    if (!verdict.ok() || volume.diskState() == DiskState.DISKLESS) {
      return now(verdict);
    }
    Optional<BlockDisk> disk = volume.leaveDisk(force ? DiskState.FAILED : DiskState.DETACHING);
    publish.accept(volume.resource());
    CompletableFuture<Verdict> closed = new CompletableFuture<>();
    disk.orElseThrow()
        .close(
            () -> {
              volume.diskless(client);
              publish.accept(volume.resource());
              closed.complete(verdict);
            });
    return force ? now(verdict) : closed;
  }

  static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
