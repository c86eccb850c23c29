package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.AttachWish;
import io.jdrbd.metadata.store.Attachment;
import io.jdrbd.metadata.store.MetadataStore;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything is marked for a peer, and the power goes after every operation on the way. */
class FullSyncTest {
  private static final long BYTES = 1L << 30;
  private static final int NODE = 0;
  private static final int PEER = 1;
  private static final BitmapArea AREA = new BitmapArea(2, BitGranularity.DEFAULT);
  private static final BitRange MARKED = new BitRange(100, 200);

  private final SimLoop loop = new SimLoop();
  private final BufferPool pool = new BufferPool(1 << 20);

  private static CrashImage used() throws Exception {
    CrashImage image = new CrashImage(BYTES);
    MetadataStore store = new MetadataStore(image, new Placement.Internal());
    Layout layout = Layout.of(new Placement.Internal(), BYTES, AREA, AlGeometry.DEFAULT);
    long sectors = layout.dataSectorsMax(Sectors.ofBytes(BYTES), AREA);
    CommonFields common =
        CommonFields.created(layout, AREA.granularity(), AlGeometry.DEFAULT, sectors)
            .withFlags(DeviceFlags.CREATED.with(DeviceFlag.CONSISTENT))
            .withEffectiveSize(sectors);
    SuperblockV09 superblock =
        SuperblockV09.created(common, 2)
            .withNodeId(NODE)
            .withPeer(PEER, PeerRecord.UNUSED.withBitmapIndex(0))
            .withPeer(2, PeerRecord.UNUSED.withBitmapIndex(1));
    store.initialiseLog(superblock);
    Bitmap bitmap = store.readBitmap(superblock);
    bitmap.setInAllSlots(MARKED);
    store.writeBitmap(superblock, bitmap);
    store.writeSuperblock(superblock);
    return image;
  }

  private static Attachment.Attached attach(CrashImage image) {
    MetadataStore store = new MetadataStore(image, new Placement.Internal());
    try {
      return Attachment.attach(
          store, new AttachWish(NODE, BYTES, OptionalLong.empty(), List.of(PEER, 2), 67));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PEER, -1})
  void noCrashLeavesAPart(int node) throws Exception {
    CrashImage image = used();
    Attachment.Attached attached = attach(image);
    SimDisk disk = new SimDisk(loop, new Random(1), image);
    BackingDisk backing =
        new BackingDisk(
            loop,
            new BackingDisk.Place(
                disk, disk, attached.layout(), Sectors.toBytes(attached.sizeSectors())),
            attached.superblock(),
            attached.bitmap(),
            attached.alExtents(),
            new MetadataMemory(pool.tryAllocate(MetadataMemory.BYTES).orElseThrow()));
    long all = attached.bitmap().all().end();
    Set<Long> found = new TreeSet<>();
    disk.afterOperation(
        () -> {
          for (int dice = 0; dice < 10; dice++) {
            Bitmap left = attach(disk.crash(new Random(dice))).bitmap();
            found.add(left.weight(0));
            assertThat(left.weight(1)).isIn(100L, node < 0 ? all : 100L);
          }
        });
    boolean[] done = {false};
    new FullSync(backing, node < 0 ? OptionalInt.empty() : OptionalInt.of(node))
        .order(error -> done[0] = error.isEmpty());
    loop.drain();
    assertThat(done[0]).isTrue();
    assertThat(found).containsExactly(100L, all);
    assertThat(attach(disk.crash(new Random(7))).bitmap().weight(0)).isEqualTo(all);
    assertThat(backing.superblock().flags()).isEqualTo(attached.superblock().flags());
  }
}
