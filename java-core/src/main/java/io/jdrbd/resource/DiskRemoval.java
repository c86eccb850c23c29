package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How disks leave volumes: by command, by failure, at the daemon's end. Used on the loop. */
final class DiskRemoval {
  private static final System.Logger LOG = System.getLogger(DiskRemoval.class.getName());

  private final ConnectionDriver driver;

  /**
   * @param driver asks the peers
   */
  DiskRemoval(ConnectionDriver driver) {
    this.driver = driver;
  }

  CompletionStage<Verdict> detach(Volume volume, boolean force, boolean client) {
    Verdict possible = DiskRules.detach(volume.resource().role(), volume.facts(), true);
    if (!possible.ok() || volume.diskState() == DiskState.DISKLESS) {
      return DiskAttachment.now(possible);
    }
    if (force) {
      var _ = remove(volume, false).thenRun(() -> volume.setClient(client));
      return DiskAttachment.now(possible);
    }
    return driver
        .detach(volume)
        .orElseGet(
            () ->
                DiskAttachment.now(
                    DiskRules.detach(volume.resource().role(), volume.facts(), false)))
        .thenCompose(verdict -> decided(volume, client, verdict));
  }

  private CompletionStage<Verdict> decided(Volume volume, boolean client, Verdict verdict) {
    volume.resource().decisions().note(volume.name(), "detach", verdict);
    if (!verdict.ok()) {
      return DiskAttachment.now(verdict);
    }
    return remove(volume, true)
        .thenApply(
            then -> {
              volume.setClient(client);
              return verdict;
            });
  }

  /** The rules among peers have it that the disk leaves. */
  void released(Volume volume) {
    var _ = remove(volume, volume.diskState() == DiskState.DETACHING);
  }

  /** A disk was opened that does not come into use. */
  CompletionStage<Void> notUsed(Volume volume, AttachedDisk disk) {
    return closed(disk)
        .thenRun(
            () -> {
              volume.diskless();
              volume.resource().changed();
            });
  }

  /** What the options say of a request that the disk could not carry out. */
  void requestFailed(Volume volume, Volume.FailedRequest request) {
    switch (volume.config().onIoError()) {
      case DETACH -> fail(volume, request.error().getMessage());
      case PASS_ON -> {
        if (request.op() != DiskRequest.Op.READ && volume.diskState() == DiskState.UP_TO_DATE) {
          volume.setDiskState(DiskState.INCONSISTENT, Volume.nobodyWaits());
          volume.diskBecame(DiskState.INCONSISTENT);
        }
      }
    }
  }

  /** Gives a disk up that cannot be used any more. */
  void fail(Volume volume, String reason) {
    switch (volume.diskState()) {
      case DISKLESS, ATTACHING, DETACHING, FAILED -> {
        // is being given up already, or is not in use yet
      }
      case NEGOTIATING, INCONSISTENT, OUTDATED, D_UNKNOWN, CONSISTENT, UP_TO_DATE -> {
        LOG.log(System.Logger.Level.ERROR, "{0}: the disk is given up: {1}", volume.name(), reason);
        var _ = remove(volume, false);
      }
    }
  }

  /**
   * The end of the daemon: leaves the disk as a detach would, where the resource is Secondary; else
   * with its bitmap written, but marked as that of a Primary.
   */
  CompletionStage<Void> leave(Volume volume) {
    return switch (volume.diskState()) {
      case DISKLESS, ATTACHING -> nothing();
      case DETACHING, FAILED -> volume.leaving().orElseGet(DiskRemoval::nothing);
      case NEGOTIATING, INCONSISTENT, OUTDATED, D_UNKNOWN, CONSISTENT, UP_TO_DATE ->
          remove(volume, volume.resource().role() != Role.PRIMARY);
    };
  }

  /** Completes when the disk has left; there may be several reasons for it at a time. */
  private CompletionStage<Void> remove(Volume volume, boolean inOrder) {
    if (volume.leaving().isPresent() || volume.diskState() == DiskState.DISKLESS) {
      return volume.leaving().orElseGet(DiskRemoval::nothing);
    }
    CompletableFuture<Void> left = new CompletableFuture<>();
    volume.leaving(left);
    DiskState before = volume.diskState();
    AttachedDisk disk =
        volume.leaveDisk(inOrder ? DiskState.DETACHING : DiskState.FAILED).orElseThrow();
    volume.resource().changed();
    var _ =
        volume
            .resizing()
            .thenCompose(then -> drained(volume, disk))
            .thenCompose(then -> settled(disk, before, inOrder))
            .thenCompose(clean -> clean ? leftClean(volume, disk) : nothing())
            .thenCompose(then -> closed(disk))
            .thenRun(
                () -> {
                  volume.diskless();
                  volume.resource().changed();
                  left.complete(null);
                });
    return left;
  }

  /** With peers, applications go on; what is on its way to the disk comes back first. */
  private static CompletionStage<Void> drained(Volume volume, AttachedDisk disk) {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    if (volume.isReplicated() && disk.metadata().isPresent()) {
      disk.metadata().get().backing().leave(() -> drained.complete(null));
    } else {
      volume.front().whenUnchanging(() -> drained.complete(null));
    }
    return drained;
  }

  /** Answers whether everything is on disk, so that the activity log can be emptied. */
  private static CompletionStage<Boolean> settled(
      AttachedDisk disk, DiskState before, boolean inOrder) {
    CompletableFuture<Boolean> settled = new CompletableFuture<>();
    disk.metadata()
        .ifPresentOrElse(
            metadata -> {
              Completion done =
                  error -> {
                    error.ifPresent(DiskRemoval::unsettled);
                    settled.complete(inOrder && error.isEmpty() && isConfirmed(metadata));
                  };
              if (inOrder) {
                metadata.detached(done);
              } else {
                metadata.backing().writeBitmap(error -> afterBitmap(metadata, before, error, done));
              }
            },
            () -> settled.complete(false));
    return settled;
  }

  /** The activity log stays as it is while a peer has not confirmed what it covers. */
  private static boolean isConfirmed(VolumeMetadata metadata) {
    return metadata.backing().activityLog().isIdle();
  }

  private static void afterBitmap(
      VolumeMetadata metadata, DiskState before, Optional<DiskException> error, Completion done) {
    if (error.isPresent()) {
      done.ended(error);
    } else {
      metadata.stateChanged(before, done);
    }
  }

  private static void unsettled(DiskException error) {
    LOG.log(
        System.Logger.Level.ERROR,
        "metadata is left as after a crash, as it cannot be written: {0}",
        error.getMessage());
  }

  private static CompletionStage<Void> leftClean(Volume volume, AttachedDisk disk) {
    CompletableFuture<Void> left = new CompletableFuture<>();
    disk.metadata()
        .orElseThrow()
        .leaveClean(
            error -> {
              error.ifPresent(
                  why ->
                      LOG.log(
                          System.Logger.Level.WARNING,
                          "{0}: the activity log is left to be applied: {1}",
                          volume.name(),
                          why.getMessage()));
              left.complete(null);
            });
    return left;
  }

  private static CompletionStage<Void> closed(AttachedDisk disk) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    disk.close(() -> closed.complete(null));
    return closed;
  }

  private static CompletionStage<Void> nothing() {
    return CompletableFuture.completedStage(null);
  }
}
