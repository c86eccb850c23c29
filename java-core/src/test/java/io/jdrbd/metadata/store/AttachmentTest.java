package io.jdrbd.metadata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.metadata.format.AlBlock;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 5.8.2: what an attach checks, and what it leaves on disk. */
class AttachmentTest {
  private static final long DEVICE_BYTES = 64 << 20;
  private static final int NODE = 3;
  private static final DeviceFlags UP_TO_DATE =
      DeviceFlags.CREATED.with(DeviceFlag.CONSISTENT).with(DeviceFlag.WAS_UP_TO_DATE);

  private final MemoryMedium medium = new MemoryMedium(DEVICE_BYTES);
  private final MetadataStore store = new MetadataStore(medium, new Placement.Internal());
  private final BitmapArea area = new BitmapArea(2, BitGranularity.DEFAULT);
  private final Layout layout =
      Layout.of(new Placement.Internal(), DEVICE_BYTES, area, AlGeometry.DEFAULT);
  private final long sectors = layout.dataSectorsMax(Sectors.ofBytes(DEVICE_BYTES), area);

  @BeforeEach
  void create() throws Exception {
    SuperblockV09 fresh =
        SuperblockV09.created(
            CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, 0), 2);
    store.initialiseLog(fresh);
    store.writeSuperblock(fresh);
  }

  private void change(UnaryOperator<SuperblockV09> change) throws Exception {
    store.writeSuperblock(change.apply((SuperblockV09) store.readSuperblock()));
  }

  private void inUse(DeviceFlags flags) throws Exception {
    change(
        superblock ->
            superblock
                .withNodeId(NODE)
                .withCurrentUuid(0x1000)
                .withCommon(superblock.common().withFlags(flags).withEffectiveSize(sectors)));
  }

  private static AttachWish wish(Integer... peers) {
    return new AttachWish(NODE, DEVICE_BYTES, OptionalLong.empty(), List.of(peers), 1237);
  }

  private Reason refusal(AttachWish wish) {
    return catchThrowableOfType(MetadataException.class, () -> Attachment.attach(store, wish))
        .reason();
  }

  private SuperblockV09 onDisk() throws Exception {
    return (SuperblockV09) store.readSuperblock();
  }

  @Test
  void freshMetadataGetsItsNodeAndSlotsAndEveryBit() throws Exception {
    Attachment.Attached attached = Attachment.attach(store, wish(0, 7));
    assertThat(attached.sizeSectors()).isEqualTo(sectors);
    assertThat(attached.bitmap().isAllSet()).isTrue();
    assertThat(onDisk()).isEqualTo(attached.superblock());
    assertThat(onDisk().nodeId()).isEqualTo(NODE);
    assertThat(onDisk().peers().get(0).bitmapIndex()).isZero();
    assertThat(onDisk().peers().get(7).bitmapIndex()).isEqualTo(1);
    assertThat(onDisk().common().effectiveSizeSectors()).as("nothing to agree on yet").isZero();
  }

  @Test
  void anotherNodesDiskIsRefused() throws Exception {
    change(superblock -> superblock.withNodeId(5));
    assertThat(refusal(wish())).isEqualTo(Reason.INVALID);
  }

  @Test
  void aSlotForTheOwnNodeIsRefused() throws Exception {
    change(superblock -> superblock.withPeer(NODE, PeerRecord.UNUSED.withBitmapIndex(0)));
    assertThat(refusal(wish())).isEqualTo(Reason.INVALID);
  }

  @Test
  void morePeersThanSlotsAreRefused() {
    assertThat(refusal(wish(0, 1, 2))).isEqualTo(Reason.NO_FREE_SLOT);
  }

  @Test
  void aDiskThatShrankIsRefusedUnlessTheSizeIsConfigured() throws Exception {
    inUse(UP_TO_DATE);
    change(superblock -> superblock.withCommon(superblock.common().withEffectiveSize(sectors + 8)));
    assertThat(refusal(wish())).isEqualTo(Reason.IMPLICIT_SHRINK);
    AttachWish smaller =
        new AttachWish(NODE, DEVICE_BYTES, OptionalLong.of(sectors), List.of(), 1237);
    assertThat(Attachment.attach(store, smaller).sizeSectors()).isEqualTo(sectors);
  }

  @Test
  void aConfiguredSizeThatDoesNotFitIsRefused() {
    AttachWish larger =
        new AttachWish(NODE, DEVICE_BYTES, OptionalLong.of(sectors + 1), List.of(), 1237);
    assertThat(refusal(larger)).isEqualTo(Reason.DISK_TOO_SMALL);
  }

  @Test
  void aRefusalWritesNothing() throws Exception {
    inUse(UP_TO_DATE.without(DeviceFlag.AL_CLEAN).with(DeviceFlag.PRIMARY_IND));
    Superblock before = store.readSuperblock();
    assertThat(refusal(wish(0, 1, 2))).isEqualTo(Reason.NO_FREE_SLOT);
    assertThat(store.readSuperblock()).isEqualTo(before);
  }

  @Test
  void aCrashedPrimaryIsToldAndItsExtentsAreMarked() throws Exception {
    inUse(
        UP_TO_DATE
            .without(DeviceFlag.AL_CLEAN)
            .with(DeviceFlag.PRIMARY_IND)
            .with(DeviceFlag.CRASHED_PRIMARY));
    ByteBuffer block = ByteBuffer.allocate(AlBlock.BYTES);
    AlBlock transaction = new AlBlock(block);
    transaction.begin(0, 67, 0);
    transaction.addUpdate(66, 5);
    transaction.seal();
    medium.write(layout.alOffsetBytes(), block);

    Attachment.Attached attached = Attachment.attach(store, wish(0));
    assertThat(attached.crashedPrimary()).isTrue();
    assertThat(attached.bitmap().weight(0)).isEqualTo(1024);
    assertThat(attached.bitmap().weight(1)).as("also in slots that nobody has").isEqualTo(1024);
    assertThat(attached.bitmap().next(0, 0)).isEqualTo(5 * 1024);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutALogACrashMeansAFullResync(boolean crashed) throws Exception {
    inUse(UP_TO_DATE.with(DeviceFlag.AL_DISABLED).set(DeviceFlag.CRASHED_PRIMARY, crashed));
    assertThat(Attachment.attach(store, wish(0)).bitmap().isAllSet()).isEqualTo(crashed);
  }

  @Test
  void aFullSyncThatWasOrderedIsCarriedOut() throws Exception {
    inUse(UP_TO_DATE);
    PeerRecord ordered =
        PeerRecord.UNUSED
            .withBitmapIndex(1)
            .withFlags(PeerFlags.NONE.with(PeerFlag.FULL_SYNC).with(PeerFlag.DEVICE_SEEN));
    change(superblock -> superblock.withPeer(0, ordered));
    Attachment.Attached attached = Attachment.attach(store, wish(0));
    assertThat(attached.bitmap().weight(1)).isEqualTo(attached.bitmap().bits());
    assertThat(attached.bitmap().weight(0)).isZero();
    assertThat(onDisk().peers().get(0).flags().has(PeerFlag.FULL_SYNC)).isFalse();
    assertThat(store.readBitmap(onDisk()).weight(1)).isEqualTo(attached.bitmap().bits());
  }

  @Test
  void aUsedLogThatCannotBeReadIsRefused() throws Exception {
    inUse(UP_TO_DATE.with(DeviceFlag.PRIMARY_IND));
    store.zero(layout.alOffsetBytes(), AlGeometry.DEFAULT.sizeBytes());
    assertThat(refusal(wish())).isEqualTo(Reason.UNCLEAN);
  }
}
