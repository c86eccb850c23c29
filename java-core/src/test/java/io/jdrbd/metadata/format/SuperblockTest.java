package io.jdrbd.metadata.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.metadata.format.MetadataException.Reason;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a superblock may hold, and what is said of one that holds something else. */
class SuperblockTest {
  private static final long DEVICE_BYTES = 64 << 20;

  private static SuperblockV09 fresh(int peers) {
    BitmapArea area = new BitmapArea(peers, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Internal(), DEVICE_BYTES, area, AlGeometry.DEFAULT);
    return SuperblockV09.created(
        CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, 0), peers);
  }

  private static ByteBuffer bytes(Superblock superblock) {
    ByteBuffer block = ByteBuffer.allocate(Superblock.BYTES);
    superblock.encode(block);
    return block.flip();
  }

  /** Each row: a field's offset, a value that it must not have, and its name in the message. */
  @ParameterizedTest
  @CsvSource({
    "0x3c, 0x12345678, magic",
    "0x3c, 0x8374026a, magic",
    "0x40, 81, md_size_sect",
    "0x44, -56, al_offset",
    "0x44, 8, al_offset",
    "0x4c, -71, bm_offset",
    "0x4c, 72, bm_offset",
    "0x50, 0, bm_bytes_per_bit",
    "0x50, 5000, bm_bytes_per_bit",
    "0x50, 2097152, bm_bytes_per_bit",
    "0x58, 0, bm_max_peers",
    "0x58, 33, bm_max_peers",
    "0x5c, 32, node_id",
    "0x5c, -2, node_id",
    "0x60, 0, al_stripes",
    "0x60, -1, al_stripes",
    "0x64, 4, al_stripes",
    "0x84, 1, peers[0].bitmap_index",
    "0x464, -2, peers[31].bitmap_index",
  })
  void aWrongFieldIsNamed(String offset, String value, String named) {
    ByteBuffer block = bytes(fresh(1));
    block.putInt(Integer.decode(offset), Long.decode(value).intValue());
    assertThatThrownBy(
            () ->
                LayoutRules.checkExact(
                    new Placement.Internal(), DEVICE_BYTES, Superblock.decode(block)))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining(named);
  }

  @Test
  void anAgreedSizeThatTheBitmapCannotHoldIsRefused() {
    ByteBuffer block = bytes(fresh(1));
    block.putLong(0, 1L << 24);
    assertThatThrownBy(
            () ->
                LayoutRules.check(new Placement.Internal(), DEVICE_BYTES, Superblock.decode(block)))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("effective_size 16777216");
  }

  @Test
  void aDeviceTooSmallForItsIndexIsRefused() {
    MetadataException problem =
        catchThrowableOfType(
            MetadataException.class,
            () -> LayoutRules.check(new Placement.Indexed(1), DEVICE_BYTES, fresh(1)));
    assertThat(problem.reason()).isEqualTo(Reason.METADATA_DISK_TOO_SMALL);
  }

  @Test
  void bothStripeFieldsZeroMeanTheOldFixedLog() throws Exception {
    ByteBuffer block = bytes(fresh(1));
    block.putInt(0x60, 0).putInt(0x64, 0);
    assertThat(Superblock.decode(block).common().al()).isEqualTo(AlGeometry.DEFAULT);
  }

  /** Whatever bytes are there: a clear error or a superblock, nothing else. */
  @Test
  void noDamageIsAnythingButAClearError() {
    Random random = new Random(5);
    ByteBuffer intact = bytes(fresh(7));
    for (int round = 0; round < 20_000; round++) {
      ByteBuffer block = ByteBuffer.allocate(Superblock.BYTES).put(intact.duplicate()).flip();
      for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
        int bit = random.nextInt(0x570 * Byte.SIZE);
        block.put(bit / 8, (byte) (block.get(bit / 8) ^ 1 << bit % 8));
      }
      try {
        LayoutRules.checkExact(new Placement.Internal(), DEVICE_BYTES, Superblock.decode(block));
      } catch (MetadataException expected) {
        assertThat(expected).hasMessageContaining("must be");
      }
    }
  }

  @Test
  void conversionKeepsEverythingButTheBitmapUuid() {
    SuperblockV09 nine = fresh(1);
    CommonFields common =
        nine.common()
            .withFlags(
                new DeviceFlags(0x80)
                    .with(DeviceFlag.CONSISTENT)
                    .with(DeviceFlag.CONNECTED_IND)
                    .with(DeviceFlag.FULL_SYNC))
            .withEffectiveSize(1000);
    SuperblockV08 eight = new SuperblockV08(common, true, 10, 20, 30, 40);
    SuperblockV09 converted = SuperblockV09.converted(eight);
    assertThat(converted.currentUuid()).isEqualTo(10);
    assertThat(converted.historyUuids()).startsWith(30L, 40L, 0L);
    assertThat(converted.nodeId()).isEqualTo(SuperblockV09.NO_NODE);
    assertThat(converted.flags().bits()).isEqualTo(0x81);
    PeerRecord peer = converted.peers().get(0);
    assertThat(peer.bitmapUuid()).isZero();
    assertThat(peer.hasBitmap()).isFalse();
    assertThat(peer.flags().bits()).isEqualTo(0x9);
    assertThat(converted.common().effectiveSizeSectors()).isEqualTo(1000);
  }
}
