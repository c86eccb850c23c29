package io.jdrbd.metadata.store;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.bitmap.BitmapMemoryException;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.SuperblockRules;
import java.io.IOException;

/**
 * Takes a disk with metadata into use: checks everything that DRBD checks, each with DRBD's error
 * number, applies the activity log, and brings bitmap and superblock up to the present size and
 * peers (spec 5.8.2). Nothing is written before all checks have passed but what applying the log
 * writes.
 */
public final class Attachment {
  private final MetadataStore store;
  private final AttachWish wish;

  /**
   * A disk that is ready for use.
   *
   * @param superblock as it is on disk
   * @param layout where its metadata is
   * @param bitmap as it is on disk, for the size; its memory is the caller's to give back
   * @param sizeSectors of the data
   * @param alExtents size of the active set, within what the activity log can hold
   * @param crashedPrimary whether this node was Primary and did not leave that role in order
   */
  public record Attached(
      Superblock superblock,
      Layout layout,
      Bitmap bitmap,
      long sizeSectors,
      int alExtents,
      boolean crashedPrimary) {}

  private Attachment(MetadataStore store, AttachWish wish) {
    this.store = store;
    this.wish = wish;
  }

  /**
   * Attaches.
   *
   * @throws MetadataException with DRBD's reason and the values that led to it
   * @throws IOException if the medium fails
   */
  public static Attached attach(MetadataStore store, AttachWish wish)
      throws IOException, MetadataException {
    return new Attachment(store, wish).run();
  }

  private Attached run() throws IOException, MetadataException {
    Superblock found = store.readSuperblock();
    checkNode(found);
    long size = size(found);
    checkShrink(found, size);
    Superblock wanted = withSlots(found);

    LogApplication.Outcome applied = apply();
    try {
      return broughtUpToDate(found, wanted, applied, size);
    } catch (IOException problem) {
      applied.bitmap().release();
      throw problem;
    } catch (BitmapMemoryException none) {
      applied.bitmap().release();
      throw refused(Reason.NO_MEMORY, none.getMessage());
    }
  }

  private LogApplication.Outcome apply() throws IOException, MetadataException {
    try {
      return LogApplication.apply(store);
    } catch (BitmapMemoryException none) {
      throw refused(Reason.NO_MEMORY, none.getMessage());
    }
  }

  private Attached broughtUpToDate(
      Superblock found, Superblock wanted, LogApplication.Outcome applied, long size)
      throws IOException {
    Bitmap bitmap = applied.bitmap();
    Superblock superblock = wanted.withCommon(applied.superblock().common());
    DeviceFacts facts = DeviceFacts.of(superblock);
    long bits = superblock.common().granularity().bits(size);
    bitmap.resize(bits, true);
    markGrowth(bitmap, found.common().effectiveSizeSectors(), size);
    markFullSyncs(superblock, bitmap, facts);
    store.writeBitmap(superblock, bitmap);
    superblock = withoutFullSyncs(SuperblockRules.sized(superblock, size));
    store.writeSuperblock(superblock);
    return new Attached(
        superblock,
        store.layout(superblock),
        bitmap,
        size,
        superblock.common().al().clampExtents(wish.alExtents()),
        facts.crashedPrimary());
  }

  /** The last block may have had an end, and more behind it now. */
  private static void markGrowth(Bitmap bitmap, long fromSectors, long toSectors) {
    if (toSectors > fromSectors) {
      long from = Sectors.toBytes(fromSectors);
      bitmap.setInAllSlots(
          bitmap.area().granularity().touched(from, Sectors.toBytes(toSectors) - from));
    }
  }

  private void checkNode(Superblock superblock) throws MetadataException {
    if (!(superblock instanceof SuperblockV09 nine)) {
      return;
    }
    if (nine.nodeId() != SuperblockV09.NO_NODE && nine.nodeId() != wish.nodeId()) {
      throw refused(
          Reason.INVALID,
          "ambiguous node id: the metadata says %d, the configuration %d"
              .formatted(nine.nodeId(), wish.nodeId()));
    }
    int own = nine.peers().get(wish.nodeId()).bitmapIndex();
    if (own != PeerRecord.NO_BITMAP) {
      throw refused(
          Reason.INVALID,
          "peers[%d].bitmap_index is %d: must be -1 for the own node"
              .formatted(wish.nodeId(), own));
    }
  }

  private long size(Superblock superblock) throws MetadataException {
    Layout layout = store.layout(superblock);
    long most = layout.dataSectorsMax(Sectors.ofBytes(wish.dataDeviceBytes()), superblock.area());
    long agreed = superblock.common().effectiveSizeSectors();
    boolean held = SuperblockRules.peersHoldSize(superblock, wish.peersWithBitmap());
    long wanted = wish.sizeSectors().orElse(held ? Math.min(most, agreed) : most);
    if (wanted > most) {
      throw refused(
          Reason.DISK_TOO_SMALL,
          "a size of %d sectors is configured, but the disk has only %d".formatted(wanted, most));
    }
    return wanted;
  }

  private void checkShrink(Superblock superblock, long size) throws MetadataException {
    long agreed = superblock.common().effectiveSizeSectors();
    boolean consistent = superblock.flags().has(DeviceFlag.CONSISTENT);
    if (consistent && size < agreed && wish.sizeSectors().isEmpty()) {
      throw refused(
          Reason.IMPLICIT_SHRINK,
          "the disk has room for %d sectors, but %d were agreed on; data at the end would be cut off"
              .formatted(size, agreed));
    }
  }

  /** A peer gets the lowest slot that nobody has; a slot keeps the bits that it has tracked. */
  private Superblock withSlots(Superblock superblock) throws MetadataException {
    if (!(superblock instanceof SuperblockV09 nine)) {
      return superblock;
    }
    SuperblockV09 changed = nine.withNodeId(wish.nodeId());
    for (int node : wish.peersWithBitmap()) {
      PeerRecord peer = changed.peers().get(node);
      if (!peer.hasBitmap()) {
        changed = changed.withPeer(node, peer.withBitmapIndex(freeSlot(changed, node)));
      }
    }
    return changed;
  }

  private int freeSlot(SuperblockV09 superblock, int node) throws MetadataException {
    return superblock
        .freeSlot()
        .orElseThrow(
            () ->
                refused(
                    Reason.NO_FREE_SLOT,
                    "Not enough free bitmap slots: all %d are taken, none is left for node %d"
                        .formatted(superblock.maxPeers(), node)));
  }

  /** Everything is out of sync where the metadata says so, or where no log was kept. */
  private static void markFullSyncs(Superblock superblock, Bitmap bitmap, DeviceFacts facts) {
    BitRange all = bitmap.all();
    if (facts.nothingKnown()) {
      bitmap.setInAllSlots(all);
      return;
    }
    switch (superblock) {
      case SuperblockV08 eight -> {
        if (eight.flags().has(DeviceFlag.FULL_SYNC)) {
          bitmap.set(0, all);
        }
      }
      case SuperblockV09 nine -> {
        for (int slot = 0; slot < nine.maxPeers(); slot++) {
          if (isFullSyncOrdered(nine, slot)) {
            bitmap.set(slot, all);
          }
        }
      }
    }
  }

  /** A slot that no node has stands for all nodes that have none. */
  private static boolean isFullSyncOrdered(SuperblockV09 superblock, int slot) {
    boolean taken = superblock.peers().stream().anyMatch(peer -> peer.bitmapIndex() == slot);
    return superblock.peers().stream()
        .filter(peer -> taken ? peer.bitmapIndex() == slot : !peer.hasBitmap())
        .anyMatch(peer -> peer.flags().has(PeerFlag.FULL_SYNC));
  }

  /** Once the bits are on disk, the flags that stood for them can go. */
  private static Superblock withoutFullSyncs(Superblock superblock) {
    return switch (superblock) {
      case SuperblockV08 eight -> eight.withFlags(eight.flags().without(DeviceFlag.FULL_SYNC));
      case SuperblockV09 nine ->
          nine.withPeers(
              nine.peers().stream()
                  .map(peer -> peer.withFlags(peer.flags().without(PeerFlag.FULL_SYNC)))
                  .toList());
    };
  }

  private MetadataException refused(Reason reason, String message) {
    return new MetadataException(reason, store.medium().description() + ": " + message);
  }

  /**
   * What the flags say of the past.
   *
   * @param crashedPrimary this node was Primary and did not leave that role in order
   * @param nothingKnown and no activity log was kept meanwhile
   */
  private record DeviceFacts(boolean crashedPrimary, boolean nothingKnown) {
    static DeviceFacts of(Superblock superblock) {
      boolean crashed =
          switch (superblock) {
            case SuperblockV08 eight ->
                eight.flags().has(DeviceFlag.CRASHED_PRIMARY)
                    || eight.flags().has(DeviceFlag.PRIMARY_IND);
            case SuperblockV09 nine -> nine.flags().has(DeviceFlag.CRASHED_PRIMARY);
          };
      return new DeviceFacts(crashed, crashed && superblock.flags().has(DeviceFlag.AL_DISABLED));
    }
  }
}
