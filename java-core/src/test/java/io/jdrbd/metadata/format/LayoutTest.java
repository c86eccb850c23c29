package io.jdrbd.metadata.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 5.1: where superblock, activity log and bitmap are. */
class LayoutTest {

  /** The table "worked values": all agree with drbdmeta. */
  @ParameterizedTest
  @CsvSource({
    "67108864, 1, 4096, 67104768, 67072000, 67067904, 80",
    "67108864, 7, 4096, 67104768, 67072000, 67055616, 104",
    "1073741824, 1, 4096, 1073737728, 1073704960, 1073672192, 136",
    "1073741824, 3, 4096, 1073737728, 1073704960, 1073606656, 264",
    "1073745408, 3, 4096, 1073737728, 1073704960, 1073602560, 272",
    "10737418240, 31, 4096, 10737414144, 10737381376, 10727223296, 19912",
    "1099511627776, 1, 4096, 1099511623680, 1099511590912, 1099478036480, 65608",
    "1099511627776, 7, 4096, 1099511623680, 1099511590912, 1099276709888, 458824",
    "1099511627776, 3, 65536, 1099511623680, 1099511590912, 1099505299456, 12360",
  })
  void internalMetadata(
      long device,
      int peers,
      int bytesPerBit,
      long superblock,
      long al,
      long bitmap,
      long sectors) {
    Layout layout =
        Layout.of(
            new Placement.Internal(),
            device,
            new BitmapArea(peers, new BitGranularity(bytesPerBit)),
            AlGeometry.DEFAULT);
    assertThat(layout.superblockOffsetBytes()).isEqualTo(superblock);
    assertThat(layout.alOffsetBytes()).isEqualTo(al);
    assertThat(layout.bitmapOffsetBytes()).isEqualTo(bitmap);
    assertThat(layout.firstByte()).isEqualTo(bitmap);
    assertThat(layout.sizeSectors()).isEqualTo(sectors);
  }

  @Test
  void flexibleMetadataTakesTheWholeDevice() {
    Layout layout =
        Layout.of(
            new Placement.Flexible(),
            8 << 20,
            new BitmapArea(7, BitGranularity.DEFAULT),
            new AlGeometry(2, 8));
    assertThat(layout).isEqualTo(new Layout(0, 8, 8 + 128, 16384));
    assertThat(layout.endByte()).isEqualTo(8 << 20);
  }

  @Test
  void anIndexIsARegionOf128MiB() {
    Layout layout =
        Layout.of(
            new Placement.Indexed(3),
            1L << 30,
            new BitmapArea(1, BitGranularity.DEFAULT),
            AlGeometry.DEFAULT);
    assertThat(layout).isEqualTo(new Layout(3L * (128 << 20), 8, 72, 262144));
    assertThat(layout.bitmapSectors()).isEqualTo(262072);
  }

  /** Rule of thumb: 32 KiB of bitmap for each GiB and peer. */
  @ParameterizedTest
  @CsvSource({"1, 1, 32768", "1, 4, 131072", "1024, 1, 33554432"})
  void sizeOfTheBitmap(long gib, int peers, long bytes) {
    BitmapArea area = new BitmapArea(peers, BitGranularity.DEFAULT);
    assertThat(area.sizeBytes(gib << 21)).isEqualTo(bytes);
    assertThat(area.capacitySectors(bytes / 512)).isEqualTo(gib << 21);
    assertThat(area.bitsPerSlot(bytes / 512)).isEqualTo(gib << 18);
  }

  @Test
  void aSlotOwnsEveryNthWord() {
    BitmapArea area = new BitmapArea(3, BitGranularity.DEFAULT);
    assertThat(area.wordOf(36, 0)).isEqualTo(3);
    assertThat(area.wordOf(0, 1)).isEqualTo(1);
    assertThat(area.wordOf(262109, 1)).isEqualTo(24571);
  }

  @Test
  void dataEndsWhereInternalMetadataBegins() {
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Internal(), 64 << 20, area, AlGeometry.DEFAULT);
    assertThat(layout.dataSectorsMax(131072, area)).isEqualTo(67067904 / 512);
  }

  @Test
  void aFixedRegionBoundsTheData() {
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Indexed(0), 1L << 30, area, AlGeometry.DEFAULT);
    long bitmapBytes = 262072L * 512 / 4096 * 4096;
    assertThat(layout.dataSectorsMax(1L << 45, area)).isEqualTo(bitmapBytes * 8 * 8);
  }

  @ParameterizedTest
  @CsvSource({
    "internal, Internal[]",
    "flex-internal, Internal[]",
    "flexible, Flexible[]",
    "flex-external, Flexible[]",
    "0, Indexed[index=0]",
    "255, Indexed[index=255]"
  })
  void placementsByName(String text, String placement) {
    assertThat(Placement.parse(text).orElseThrow()).hasToString(placement);
  }

  @ParameterizedTest
  @CsvSource({"external", "256", "-1", "1x"})
  void noOtherNamesPass(String text) {
    assertThat(Placement.parse(text)).isEmpty();
  }

  /** Spec 5.6.3: transaction numbers go round the ring, stripe after stripe. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 0, 0",
    "1, 8, 7, 7",
    "1, 8, 8, 0",
    "1, 8, -1, 7",
    "2, 8, 0, 0",
    "2, 8, 1, 8",
    "2, 8, 2, 1",
    "2, 8, 15, 15",
    "2, 8, 17, 8"
  })
  void ringPosition(int stripes, int stripeBlocks, int transaction, int block) {
    assertThat(new AlGeometry(stripes, stripeBlocks).blockOf(transaction)).isEqualTo(block);
  }

  /** Spec 5.6.4: what the ring can repeat bounds the active set. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 1237, 1237",
    "1, 8, 1, 67",
    "1, 8, 65534, 6433",
    "1, 72, 65534, 65249",
    "1, 73, 99999, 65534"
  })
  void sizeOfTheActiveSet(int stripes, int stripeBlocks, int wanted, int given) {
    assertThat(new AlGeometry(stripes, stripeBlocks).clampExtents(wanted)).isEqualTo(given);
  }

  /** Spec 5.5.2: set generously, clear only what is covered. */
  @ParameterizedTest
  @CsvSource({
    "0, 4096, 0, 1, 0, 1", "512, 512, 0, 1, 1, 1", "4095, 2, 0, 2, 1, 1",
    "4096, 8192, 1, 3, 1, 3", "2048, 6144, 0, 2, 1, 2", "8192, 1536, 2, 3, 2, 3"
  })
  void rounding(
      long offset, long length, long setFirst, long setEnd, long clearFirst, long clearEnd) {
    long deviceBytes = 8192 + 1536;
    BitGranularity granularity = BitGranularity.DEFAULT;
    assertThat(granularity.touched(offset, length)).isEqualTo(new BitRange(setFirst, setEnd));
    assertThat(granularity.covered(offset, length, deviceBytes))
        .isEqualTo(new BitRange(clearFirst, clearEnd));
  }

  @ParameterizedTest
  @CsvSource({"4096, 1024", "65536, 64", "1048576, 4"})
  void bitsOfAnExtent(int bytesPerBit, int bits) {
    BitGranularity granularity = new BitGranularity(bytesPerBit);
    assertThat(granularity.bitsPerExtent()).isEqualTo(bits);
    assertThat(granularity.ofExtent(3)).isEqualTo(new BitRange(3L * bits, 4L * bits));
  }
}
