package io.jdrbd.metadata.store;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.ActiveSet;
import io.jdrbd.metadata.format.AlReplay;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import java.io.IOException;

/**
 * Turns a dirty activity log into bits (apply-al, spec 5.6.9). Order on disk: bits, then the empty
 * log, then the superblock that says so; a crash in between only means doing it again.
 */
public final class LogApplication {
  /**
   * What was done.
   *
   * @param superblock as it is on disk now
   * @param bitmap as it is on disk now; its memory is the caller's to give back
   * @param found what the log said
   * @param applied whether the extents found became bits: only where somebody was Primary
   */
  public record Outcome(Superblock superblock, Bitmap bitmap, ActiveSet found, boolean applied) {}

  private LogApplication() {}

  /**
   * Applies and empties the log, and marks the superblock clean.
   *
   * @throws MetadataException {@code UNCLEAN} where the log is needed but cannot be read
   */
  public static Outcome apply(MetadataStore store) throws IOException, MetadataException {
    Superblock superblock = store.readSuperblock();
    ActiveSet found = AlReplay.read(store.readLog(superblock), superblock.common().al());
    boolean needed = superblock.flags().has(DeviceFlag.PRIMARY_IND);
    if (found instanceof ActiveSet.Unusable(String problem, boolean ignored) && needed) {
      throw new MetadataException(
          Reason.UNCLEAN,
          "%s: %s, but the disk was in use as Primary, so nobody knows which blocks may differ; run create-md or invalidate, which means a full resync"
              .formatted(store.medium().description(), problem));
    }
    Bitmap bitmap = store.readBitmap(superblock);
    try {
      return applied(store, superblock, bitmap, found, needed);
    } catch (IOException problem) {
      bitmap.release();
      throw problem;
    }
  }

  private static Outcome applied(
      MetadataStore store, Superblock superblock, Bitmap bitmap, ActiveSet found, boolean needed)
      throws IOException {
    boolean applied = found instanceof ActiveSet.Active && needed;
    if (applied && found instanceof ActiveSet.Active(var extents)) {
      for (int extent : extents) {
        bitmap.setInAllSlots(superblock.common().granularity().ofExtent(extent));
      }
      store.writeBitmap(superblock, bitmap);
    }
    if (!(found instanceof ActiveSet.Empty)) {
      store.initialiseLog(superblock);
    }
    Superblock cleaned = superblock.cleaned();
    if (superblock instanceof SuperblockV09 || !superblock.isClean()) {
      store.writeSuperblock(cleaned);
    }
    return new Outcome(cleaned, bitmap, found, applied);
  }
}
