package io.jdrbd.metadata.store;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.SuperblockRules;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Moves internal metadata to the end of a device that has grown (spec 5.9).
 *
 * <p>Order on disk where old and new place do not touch: log and bitmap at the new one, then its
 * superblock, then zeroes over the old one. Where they do: a superblock at the new place that says
 * "everything is out of sync", log and bitmap, then the superblock with the old facts. The new
 * superblock lies behind the old metadata, so that at every moment one of the two is valid, and
 * neither trusts a bitmap that is half written.
 */
public final class MetadataMove {
  private MetadataMove() {}

  /**
   * Looks for metadata at the end that the device once had, and moves it to the present one.
   *
   * @param store the device as it is now, with internal metadata
   * @param oldSizeBytes its size when the metadata was written
   * @return the superblock at its new place
   * @throws MetadataException if there is none, or the device has not grown
   */
  public static Superblock move(MetadataStore store, long oldSizeBytes)
      throws IOException, MetadataException {
    MetadataStore old = atFormerEnd(store, oldSizeBytes);
    LogApplication.Outcome read = LogApplication.apply(old);
    try {
      return write(store, read.superblock(), read.bitmap(), old.superblockOffsetBytes());
    } finally {
      read.bitmap().release();
    }
  }

  /**
   * Reads the superblock at the end that the device once had; changes nothing.
   *
   * @param oldSizeBytes the size then
   * @throws MetadataException if there is none, or the device has not grown
   */
  public static Superblock look(MetadataStore store, long oldSizeBytes)
      throws IOException, MetadataException {
    return atFormerEnd(store, oldSizeBytes).readSuperblock();
  }

  private static MetadataStore atFormerEnd(MetadataStore store, long oldSizeBytes)
      throws MetadataException {
    MetadataMedium medium = store.medium();
    if (!(store.placement() instanceof Placement.Internal)) {
      throw new MetadataException(
          Reason.INDEX_INVALID, "only internal metadata moves when a device grows");
    }
    long oldOffset = store.placement().superblockOffsetBytes(oldSizeBytes);
    if (oldOffset < 0 || store.superblockOffsetBytes() <= oldOffset) {
      throw new MetadataException(
          Reason.METADATA_DISK_TOO_SMALL,
          "%s has %d bytes, but %d when its metadata was written: only growth can be helped"
              .formatted(medium.description(), medium.sizeBytes(), oldSizeBytes));
    }
    return new MetadataStore(new FormerSize(medium, oldSizeBytes), store.placement());
  }

  private static Superblock write(
      MetadataStore store, Superblock superblock, Bitmap bitmap, long oldOffset)
      throws IOException {
    CommonFields common = superblock.common();
    Layout layout =
        Layout.of(store.placement(), store.medium().sizeBytes(), superblock.area(), common.al());
    Superblock moved = superblock.withCommon(common.withLayout(layout, common.al()));
    boolean apart = layout.firstByte() >= oldOffset + Superblock.BYTES;
    if (!apart) {
      store.writeNewSuperblock(SuperblockRules.distrusting(moved));
    }
    store.initialiseLog(moved);
    bitmap.markAllPages();
    store.writeBitmap(moved, bitmap);
    long used = (long) bitmap.pages() * Bitmap.PAGE_BYTES;
    store.zero(layout.bitmapOffsetBytes() + used, Sectors.toBytes(layout.bitmapSectors()) - used);
    if (apart) {
      store.writeNewSuperblock(moved);
      store.zero(oldOffset, Superblock.BYTES);
      store.medium().flush();
    } else {
      store.writeSuperblock(moved);
    }
    return moved;
  }

  /** The device as it was before it grew. */
  private record FormerSize(MetadataMedium medium, long sizeBytes) implements MetadataMedium {
    @Override
    public String description() {
      return medium.description() + " (metadata at its former end)";
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      medium.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
      medium.write(offsetBytes, from);
    }

    @Override
    public void flush() throws IOException {
      medium.flush();
    }
  }
}
