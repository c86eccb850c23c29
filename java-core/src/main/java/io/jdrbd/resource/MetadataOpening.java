package io.jdrbd.resource;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.filter.UnflushedDisk;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.MetadataMemory;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.metadata.store.AttachWish;
import io.jdrbd.metadata.store.Attachment;
import io.jdrbd.metadata.store.Attachment.Attached;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * From opened disks to metadata that is read, checked and ready for use. Reading and checking
 * happen beside the loop.
 */
final class MetadataOpening {
  private final Loop loop;
  private final BufferPool pool;
  private final MetadataAccess access;

  MetadataOpening(Loop loop, BufferPool pool, MetadataAccess access) {
    this.loop = loop;
    this.pool = pool;
    this.access = access;
  }

  /**
   * Reads and checks.
   *
   * @param data the disk that holds the data
   * @param separate the disk that holds the metadata; the same object where it is internal
   * @return completes on the loop; fails with {@link MetadataException} or {@link IOException}
   */
  CompletionStage<VolumeMetadata> open(
      Volume volume, AttachOptions options, BlockDisk data, BlockDisk separate) {
    DiskConfig config = options.config();
    BlockDisk holder = config.mdFlushes() ? separate : new UnflushedDisk(separate, loop);
    AttachWish wish =
        new AttachWish(
            volume.resource().nodeId(),
            data.geometry().sizeBytes(),
            config.sizeSectors(),
            volume.peersWithBitmap(),
            config.alExtents());
    MetadataPlace place = options.metadata().orElseThrow();
    return access
        .run(
            "attach " + volume.name(),
            () -> read(new MetadataStore(access.medium(holder), place.placement()), wish, config))
        .thenCompose(
            read -> memory().thenApply(memory -> take(volume, read, data, holder, memory)));
  }

  /** What was read, and where. */
  private record Read(MetadataStore store, Attached attached) {}

  /** The node is Secondary, or marks itself Primary before its first write. */
  private static Read read(MetadataStore store, AttachWish wish, DiskConfig config)
      throws IOException, MetadataException {
    Attached attached = Attachment.attach(store, wish);
    Superblock found = attached.superblock();
    CommonFields common =
        found
            .common()
            .withAlExtents(attached.alExtents())
            .withFlags(found.flags().set(DeviceFlag.AL_DISABLED, !config.alUpdates()));
    Superblock wanted = SuperblockRules.marked(found.withCommon(common), false);
    if (!wanted.equals(found)) {
      write(store, wanted, attached.bitmap());
    }
    return new Read(
        store,
        new Attached(
            wanted,
            attached.layout(),
            attached.bitmap(),
            attached.sizeSectors(),
            attached.alExtents(),
            attached.crashedPrimary()));
  }

  private static void write(MetadataStore store, Superblock wanted, Bitmap bitmap)
      throws IOException {
    try {
      store.writeSuperblock(wanted);
    } catch (IOException problem) {
      bitmap.release();
      throw problem;
    }
  }

  private CompletionStage<PooledBuffer> memory() {
    CompletableFuture<PooledBuffer> given = new CompletableFuture<>();
    pool.allocate(MetadataMemory.BYTES, loop, given::complete);
    return given;
  }

  private VolumeMetadata take(
      Volume volume, Read read, BlockDisk data, BlockDisk holder, PooledBuffer memory) {
    Attached attached = read.attached();
    BackingDisk backing =
        new BackingDisk(
            loop,
            new BackingDisk.Place(
                data, holder, attached.layout(), Sectors.toBytes(attached.sizeSectors())),
            attached.superblock(),
            attached.bitmap(),
            attached.alExtents(),
            new MetadataMemory(memory));
    return new VolumeMetadata(volume, backing, read.store().placement(), attached.crashedPrimary());
  }
}
