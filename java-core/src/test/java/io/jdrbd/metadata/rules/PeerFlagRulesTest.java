package io.jdrbd.metadata.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.FlagRules.Disk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 5.2.1: what is kept of a peer, and what it means at the next attach. */
class PeerFlagRulesTest {
  private static final int PEER = 1;

  private static SuperblockV09 superblock(int flags, int slot) {
    long bytes = 64 << 20;
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Internal(), bytes, area, AlGeometry.DEFAULT);
    CommonFields common =
        CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, 1000)
            .withFlags(
                new DeviceFlags(0).with(DeviceFlag.CONSISTENT).with(DeviceFlag.WAS_UP_TO_DATE));
    return SuperblockV09.created(common, 1)
        .withNodeId(0)
        .withPeer(PEER, new PeerRecord(0, 0, new PeerFlags(flags), slot));
  }

  private static int after(int before, Disk present, Disk disk, PeerFlagRules.Peer peer) {
    SuperblockV09 changed =
        (SuperblockV09)
            PeerFlagRules.stateChanged(superblock(before, 0), present, disk, List.of(peer));
    return changed.peers().get(PEER).flags().bits();
  }

  /** Rows: flags before, connected, disk of the peer, fenced, without a disk by intent, after. */
  @ParameterizedTest
  @CsvSource({
    "0x00, true,  UP_TO_DATE,   false, false, 0x11",
    "0x11, false, UNKNOWN,      false, false, 0x10",
    "0x11, false, OUTDATED,     false, false, 0x12",
    "0x12, false, OUTDATED,     false, false, 0x12",
    "0x12, true,  UP_TO_DATE,   false, false, 0x11",
    "0x10, true,  INCONSISTENT, false, false, 0x13",
    "0x10, true,  CONSISTENT,   true,  false, 0x15",
    "0x14, false, UNKNOWN,      false, false, 0x10",
    "0x11, true,  DISKLESS,     false, false, 0x11",
    "0x11, true,  DISKLESS,     false, true,  0x01",
    "0x00, true,  NEGOTIATING,  false, false, 0x01",
    "0x10008, true, UP_TO_DATE, false, false, 0x10019",
  })
  void afterAStateChange(
      String before, boolean connected, Disk disk, boolean fenced, boolean never, String after) {
    PeerFlagRules.Peer peer = new PeerFlagRules.Peer(PEER, connected, disk, fenced, never);
    assertThat(after(Integer.decode(before), Disk.UP_TO_DATE, Disk.UP_TO_DATE, peer))
        .isEqualTo(Integer.decode(after));
  }

  @Test
  void nothingChangesOnTheWayOutOfAttaching() {
    PeerFlagRules.Peer peer = new PeerFlagRules.Peer(PEER, true, Disk.UP_TO_DATE, false, false);
    assertThat(after(0x12, Disk.ATTACHING, Disk.UP_TO_DATE, peer)).isEqualTo(0x12);
    assertThat(after(0x12, Disk.UP_TO_DATE, Disk.NEGOTIATING, peer)).isEqualTo(0x12);
  }

  @Test
  void nothingIsKeptOfAPeerWithoutABitmap() {
    PeerFlagRules.Peer peer = new PeerFlagRules.Peer(PEER, true, Disk.UP_TO_DATE, true, false);
    SuperblockV09 before = superblock(0, PeerRecord.NO_BITMAP);
    assertThat(PeerFlagRules.stateChanged(before, Disk.UP_TO_DATE, Disk.UP_TO_DATE, List.of(peer)))
        .isEqualTo(before);
  }

  /** Rows: flags of the peer, disk at the attach, whether the peer counts as Outdated. */
  @ParameterizedTest
  @CsvSource({
    "0x00, UP_TO_DATE, false",
    "0x11, UP_TO_DATE, false",
    "0x12, UP_TO_DATE, true",
    "0x14, CONSISTENT, false",
    "0x16, UP_TO_DATE, true",
  })
  void whatTheFlagsMeanAtTheNextAttach(String flags, Disk disk, boolean outdated) {
    SuperblockV09 found = superblock(Integer.decode(flags), 0);
    assertThat(SuperblockRules.diskAtAttach(found)).isEqualTo(disk);
    assertThat(PeerFlagRules.isOutdated(found, PEER)).isEqualTo(outdated);
  }

  @Test
  void nodesThatOthersTellOfAreNoted() {
    SuperblockV09 told = (SuperblockV09) PeerFlagRules.existing(superblock(0x11, 0), 0b101);
    assertThat(told.peers().get(0).flags().has(PeerFlag.NODE_EXISTS)).isTrue();
    assertThat(told.peers().get(PEER).flags().bits()).isEqualTo(0x11);
    assertThat(told.peers().get(2).flags().bits()).isEqualTo(0x10000);
  }
}
