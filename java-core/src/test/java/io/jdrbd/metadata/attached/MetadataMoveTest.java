package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.LayoutRules;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.AttachWish;
import io.jdrbd.metadata.store.Attachment;
import io.jdrbd.metadata.store.MetadataMove;
import io.jdrbd.metadata.store.MetadataStore;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Internal metadata after its device has grown by little, by much, and with a crash on the way. */
class MetadataMoveTest {
  private static final long OLD_BYTES = 64 << 20;
  private static final int SLOTS = 2;
  private static final int NODE = 0;
  private static final BitmapArea AREA = new BitmapArea(SLOTS, BitGranularity.DEFAULT);
  private static final BitRange MARKED = new BitRange(100, 200);

  private static CrashImage old() throws Exception {
    CrashImage image = new CrashImage(OLD_BYTES);
    MetadataStore store = new MetadataStore(image, new Placement.Internal());
    Layout layout = Layout.of(new Placement.Internal(), OLD_BYTES, AREA, AlGeometry.DEFAULT);
    long sectors = layout.dataSectorsMax(Sectors.ofBytes(OLD_BYTES), AREA);
    CommonFields common =
        CommonFields.created(layout, AREA.granularity(), AlGeometry.DEFAULT, sectors)
            .withFlags(DeviceFlags.CREATED.with(DeviceFlag.CONSISTENT));
    Superblock superblock =
        SuperblockV09.created(common, SLOTS)
            .withNodeId(NODE)
            .withPeer(1, PeerRecord.UNUSED.withBitmapIndex(0));
    store.initialiseLog(superblock);
    Bitmap bitmap = store.readBitmap(superblock);
    bitmap.setInAllSlots(MARKED);
    store.writeBitmap(superblock, bitmap);
    store.writeSuperblock(superblock);
    return image;
  }

  private static MetadataStore grown(CrashImage image, long bytes) {
    return new MetadataStore(
        new CrashImage(image.contents(), new HashMap<>(), bytes), new Placement.Internal());
  }

  @ParameterizedTest
  @ValueSource(longs = {4096, 8192, 40960, 1 << 20, 64 << 20})
  void whatWasMarkedStaysMarked(long growth) throws Exception {
    MetadataStore store = grown(old(), OLD_BYTES + growth);
    Superblock moved = MetadataMove.move(store, OLD_BYTES);
    assertThat(store.readSuperblock()).isEqualTo(moved);
    LayoutRules.checkExact(store.placement(), store.medium().sizeBytes(), moved);
    Bitmap bitmap = store.readBitmap(moved);
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(bitmap.weight(slot)).isEqualTo(100);
      assertThat(bitmap.count(slot, MARKED)).isEqualTo(100);
    }
  }

  /** The power goes after every single operation; what is left is moved again or attached. */
  @ParameterizedTest
  @ValueSource(longs = {4096, 40960, 1 << 20})
  void noCrashOnTheWayLosesAMark(long growth) throws Exception {
    boolean complete = false;
    for (int operations = 0; !complete; operations++) {
      for (int dice = 0; dice < 20; dice++) {
        CrashImage image = new CrashImage(old().contents(), new HashMap<>(), OLD_BYTES + growth);
        MetadataStore store = new MetadataStore(image, new Placement.Internal());
        image.losePowerAfter(operations);
        try {
          MetadataMove.move(store, OLD_BYTES);
          complete = true;
        } catch (CrashImage.PowerLoss expected) {
          image.powerUp(new Random(operations * 31L + dice));
        }
        image.losePowerAfter(Long.MAX_VALUE);
        assertMarked(store, operations);
      }
    }
  }

  private static void assertMarked(MetadataStore store, int operations) throws Exception {
    if (!isThere(store)) {
      MetadataMove.move(store, OLD_BYTES);
    }
    AttachWish wish =
        new AttachWish(NODE, store.medium().sizeBytes(), OptionalLong.empty(), List.of(1), 1237);
    Bitmap bitmap = Attachment.attach(store, wish).bitmap();
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(bitmap.count(slot, MARKED))
          .as("slot %d after a crash behind operation %d", slot, operations)
          .isEqualTo(100);
    }
  }

  private static boolean isThere(MetadataStore store) throws Exception {
    try {
      store.readSuperblock();
      return true;
    } catch (MetadataException none) {
      return false;
    }
  }

  @Test
  void aDeviceThatShrankCannotBeHelped() throws Exception {
    MetadataStore store = grown(old(), OLD_BYTES - (1 << 20));
    MetadataException problem =
        catchThrowableOfType(MetadataException.class, () -> MetadataMove.move(store, OLD_BYTES));
    assertThat(problem).hasMessageContaining("only growth");
  }

  @Test
  void withoutMetadataThereIsNothingToMove() {
    MetadataStore store = grown(new CrashImage(OLD_BYTES), OLD_BYTES + 4096);
    MetadataException problem =
        catchThrowableOfType(MetadataException.class, () -> MetadataMove.move(store, OLD_BYTES));
    assertThat(problem.reason()).isEqualTo(MetadataException.Reason.INVALID);
  }
}
