package io.jdrbd.metadata.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a disk in use whose device has another size (spec 5.9.1). */
class ResizePlanTest {
  private static final long MIB = 1 << 20;
  private static final long OLD_BYTES = 64 * MIB;
  private static final BitmapArea AREA = new BitmapArea(1, BitGranularity.DEFAULT);

  private static Superblock superblock(Layout layout, long sectors) {
    return SuperblockV09.created(
        CommonFields.created(layout, BitGranularity.DEFAULT, AlGeometry.DEFAULT, sectors), 1);
  }

  private static ResizePlan plan(
      Placement placement, long dataBytes, long metadataBytes, long wishSectors, boolean held)
      throws MetadataException {
    boolean internal = placement instanceof Placement.Internal;
    Layout present = Layout.of(placement, internal ? OLD_BYTES : 2 * MIB, AREA, AlGeometry.DEFAULT);
    long sectors = present.dataSectorsMax(Sectors.ofBytes(OLD_BYTES), AREA);
    return ResizePlan.of(
        superblock(present, sectors),
        placement,
        present,
        sectors,
        new ResizePlan.Facts(
            Sectors.ofBytes(dataBytes), internal ? dataBytes : metadataBytes, wishSectors, held));
  }

  /** Internal metadata of 64 MiB takes 80 sectors, of 128 MiB 80, of 256 MiB 88. */
  @ParameterizedTest
  @CsvSource({
    "67108864,  0,      false, 130992, false",
    "67109376,  0,      false, 130992, false",
    "67112960,  0,      false, 131000, false",
    "134217728, 0,      false, 262064, false",
    "268435456, 0,      false, 524200, false",
    "134217728, 200000, false, 200000, false",
    "134217728, 0,      true,  130992, true",
    "134217728, 130992, true,  130992, false"
  })
  void internal(long bytes, long wish, boolean peers, long sectors, boolean held)
      throws MetadataException {
    ResizePlan plan = plan(new Placement.Internal(), bytes, 0, wish, peers);
    assertThat(plan.sizeSectors()).isEqualTo(sectors);
    assertThat(plan.held()).isEqualTo(held);
    assertThat(plan.layout().superblockOffsetBytes())
        .as("the metadata follows the device's end, whatever the size is")
        .isEqualTo(bytes / 4096 * 4096 - 4096);
  }

  /** 2 MiB of metadata device have 2012 KiB for bits, which is enough for 62.9 GiB. */
  @ParameterizedTest
  @CsvSource({
    "134217728, 2097152, 262144",
    "137438953472, 2097152, 131858432",
    "137438953472, 8388608, 268435456"
  })
  void flexible(long dataBytes, long metadataBytes, long sectors) throws MetadataException {
    ResizePlan plan = plan(new Placement.Flexible(), dataBytes, metadataBytes, 0, false);
    assertThat(plan.sizeSectors()).isEqualTo(sectors);
    assertThat(plan.layout().sizeSectors()).isEqualTo(metadataBytes / 512);
  }

  @Test
  void nothingInUseShrinks() {
    MetadataException device =
        catchThrowableOfType(
            MetadataException.class, () -> plan(new Placement.Internal(), 32 * MIB, 0, 0, false));
    assertThat(device.reason()).isEqualTo(Reason.IMPLICIT_SHRINK);
    assertThat(device)
        .hasMessageContaining("metadata up to byte 67108864")
        .hasMessageContaining("33554432 bytes");
    MetadataException wish =
        catchThrowableOfType(
            MetadataException.class,
            () -> plan(new Placement.Internal(), OLD_BYTES, 0, 1000, false));
    assertThat(wish.reason()).isEqualTo(Reason.IMPLICIT_SHRINK);
    assertThat(wish).hasMessageContaining("130992 sectors").hasMessageContaining("1000 sectors");
    MetadataException external =
        catchThrowableOfType(
            MetadataException.class,
            () -> plan(new Placement.Flexible(), 32 * MIB, 2 * MIB, 0, false));
    assertThat(external.reason()).isEqualTo(Reason.IMPLICIT_SHRINK);
    MetadataException metadata =
        catchThrowableOfType(
            MetadataException.class,
            () -> plan(new Placement.Flexible(), OLD_BYTES, MIB, 0, false));
    assertThat(metadata.reason()).isEqualTo(Reason.IMPLICIT_SHRINK);
  }

  @Test
  void nothingBecomesLargerThanItsDevice() {
    MetadataException problem =
        catchThrowableOfType(
            MetadataException.class,
            () -> plan(new Placement.Internal(), 128 * MIB, 0, 262_144, false));
    assertThat(problem.reason()).isEqualTo(Reason.DISK_TOO_SMALL);
  }

  @Test
  void aPeerThatHadADiskHoldsTheSize() {
    Layout layout = Layout.of(new Placement.Internal(), OLD_BYTES, AREA, AlGeometry.DEFAULT);
    SuperblockV09 nine = (SuperblockV09) superblock(layout, 1000);
    PeerRecord seen =
        PeerRecord.UNUSED.withFlags(PeerRecord.UNUSED.flags().with(PeerFlag.DEVICE_SEEN));
    assertThat(SuperblockRules.peersHoldSize(nine, List.of(1))).isFalse();
    assertThat(SuperblockRules.peersHoldSize(nine.withPeer(1, seen), List.of(1))).isTrue();
    assertThat(SuperblockRules.peersHoldSize(nine.withPeer(1, seen), List.of(2))).isFalse();
    assertThat(SuperblockRules.peersHoldSize(superblock(layout, 0), List.of(1))).isFalse();
    SuperblockV08 eight = SuperblockV08.created(nine.common());
    assertThat(SuperblockRules.peersHoldSize(eight, List.of(1))).isTrue();
    assertThat(SuperblockRules.peersHoldSize(eight, List.of())).isFalse();
  }
}
