package io.jdrbd.daemon;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataMove;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.LastKnownSize;
import io.jdrbd.metadata.tool.LastKnownSizes;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.Background;
import io.jdrbd.resource.DiskSource;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.Volume;
import io.jdrbd.resource.VolumeMetadata;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Remembers how large devices with internal metadata are, and finds the metadata again when a
 * device has grown while it was not attached (spec 5.9.2). Used on the node's loop; files and disks
 * are read beside it.
 */
final class FormerSizes {
  private static final System.Logger LOG = System.getLogger(FormerSizes.class.getName());

  private final Loop loop;
  private final BufferPool pool;
  private final DiskSource disks;
  private final LastKnownSizes memos;

  FormerSizes(Loop loop, BufferPool pool, DiskSource disks, LastKnownSizes memos) {
    this.loop = loop;
    this.pool = pool;
    this.disks = disks;
    this.memos = memos;
  }

  /**
   * Remembers the size of an attached disk; forgets it where the metadata is elsewhere.
   *
   * @return completes on the loop; false where that failed, which is logged
   */
  CompletionStage<Boolean> note(Volume volume) {
    Optional<LastKnownSize> memo =
        volume
            .attached()
            .filter(options -> options.metadata().filter(MetadataPlace::isInternal).isPresent())
            .flatMap(options -> volume.metadata().map(found -> memo(options, found)));
    return Background.run(
            loop,
            "remember size of " + volume.name(),
            () -> {
              if (memo.isPresent()) {
                memos.remember(volume.minor(), memo.get());
              } else {
                memos.forget(volume.minor());
              }
              return true;
            })
        .exceptionally(
            error -> {
              LOG.log(
                  System.Logger.Level.WARNING,
                  "{0}: its size is not remembered: {1}",
                  volume.name(),
                  error.getMessage());
              return false;
            });
  }

  private static LastKnownSize memo(AttachOptions options, VolumeMetadata metadata) {
    BackingDisk backing = metadata.backing();
    return new LastKnownSize(
        backing.layout().endByte(),
        options.disk().path(),
        metadata.superblock().common().deviceUuid());
  }

  /**
   * Looks where the disk once ended, and moves metadata that is found there to the present end.
   *
   * @return whether there was some; completes on the loop
   */
  CompletionStage<Boolean> move(int minor, AttachOptions options) {
    return disks
        .open(options.disk())
        .thenCompose(
            disk ->
                Background.run(loop, "look for metadata of minor " + minor, () -> move(minor, disk))
                    .exceptionally(error -> unseen(disk, error))
                    .thenCompose(moved -> closed(disk).thenApply(then -> moved)));
  }

  private static boolean unseen(BlockDisk disk, Throwable error) {
    LOG.log(System.Logger.Level.WARNING, "{0}: {1}", disk.description(), error.getMessage());
    return false;
  }

  private boolean move(int minor, BlockDisk disk) throws IOException {
    Optional<LastKnownSize> memo = memos.find(minor);
    if (memo.isEmpty()) {
      return false;
    }
    MetadataStore store =
        new MetadataStore(new DiskMedium(disk, loop, pool), new Placement.Internal());
    try {
      long uuid = MetadataMove.look(store, memo.get().sizeBytes()).common().deviceUuid();
      if (!memo.get().mayBe(uuid)) {
        return false;
      }
      MetadataMove.move(store, memo.get().sizeBytes());
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: has grown from {1} to {2} bytes; its metadata was moved to the new end",
          disk.description(),
          Long.toString(memo.get().sizeBytes()),
          Long.toString(store.medium().sizeBytes()));
      return true;
    } catch (MetadataException none) {
      LOG.log(System.Logger.Level.INFO, "{0}", none.getMessage());
      return false;
    }
  }

  private static CompletionStage<Void> closed(BlockDisk disk) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    disk.close(() -> closed.complete(null));
    return closed;
  }
}
