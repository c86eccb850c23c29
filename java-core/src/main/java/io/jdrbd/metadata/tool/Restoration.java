package io.jdrbd.metadata.tool;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.text.DumpFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * restore-md: writes what a dump holds to the place where it belongs on this device. The place
 * follows from the dump's own bitmap granularity, so that nothing else is overwritten.
 */
final class Restoration {
  private Restoration() {}

  static Superblock run(
      MetadataStore store, DumpFile dump, Optional<AlGeometry> shape, Consent consent)
      throws IOException, ToolException {
    Superblock facts = dump.superblock();
    CommonFields common = facts.common();
    AlGeometry al = shape.orElse(common.al());
    Layout layout = Layout.of(store.placement(), store.medium().sizeBytes(), facts.area(), al);
    Creation.checkLayout(store, layout, al);
    if (consent.metadata().isPresent()) {
      consent.ask("Valid meta-data already in place, recreate new?");
    }
    consent.toContents(layout);
    long room =
        layout.dataSectorsMax(
            layout.isInternal()
                ? Sectors.ofBytes(store.medium().sizeBytes())
                : common.effectiveSizeSectors(),
            facts.area());
    Superblock restored =
        facts.withCommon(
            common
                .withLayout(layout, al)
                .withEffectiveSize(Math.min(common.effectiveSizeSectors(), room)));
    Bitmap bitmap = store.readBitmap(restored);
    try {
      for (int slot = 0; slot < bitmap.slots(); slot++) {
        fill(bitmap, slot, dump.bitmaps().get(slot));
      }
      bitmap.markAllPages();
      store.writeBitmap(restored, bitmap);
      store.writeSuperblock(restored);
      return restored;
    } finally {
      bitmap.release();
    }
  }

  /** Words behind the bitmap's end are dropped; words that are not given stay as they are. */
  private static void fill(Bitmap bitmap, int slot, List<DumpFile.Run> runs) {
    long words = Math.ceilDiv(bitmap.bits(), Long.SIZE);
    long at = 0;
    for (DumpFile.Run run : runs) {
      long end = Math.min(words, at + Math.min(run.count(), words));
      for (; at < end; at++) {
        bitmap.replaceWord(slot, at, run.word());
      }
    }
  }
}
