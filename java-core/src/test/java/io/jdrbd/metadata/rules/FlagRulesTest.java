package io.jdrbd.metadata.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.rules.FlagRules.Disk;
import io.jdrbd.metadata.rules.FlagRules.Facts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 5.4.5: the flags, and the sequence that was observed of a single kernel node. */
class FlagRulesTest {

  /**
   * Rows: flags before, present disk, new disk, Primary, detaches in order, crashed marker, flags
   * after. The rows are the observed life of one node: promote, demote, detach.
   */
  @ParameterizedTest
  @CsvSource({
    "0x4d3, ATTACHING, UP_TO_DATE, false, false, true, 0x4d3",
    "0x4d3, UP_TO_DATE, UP_TO_DATE, true, false, true, 0x453",
    "0x453, UP_TO_DATE, UP_TO_DATE, false, false, true, 0x451",
    "0x451, UP_TO_DATE, DETACHING, false, true, true, 0x451",
    "0x4d1, UP_TO_DATE, UP_TO_DATE, true, false, true, 0x453",
    "0x453, UP_TO_DATE, DETACHING, true, false, true, 0x453",
    "0x091, UP_TO_DATE, UP_TO_DATE, true, false, false, 0x453",
    "0x453, UP_TO_DATE, UP_TO_DATE, false, false, false, 0x411",
    "0x411, UP_TO_DATE, INCONSISTENT, false, false, false, 0x400",
    "0x411, UP_TO_DATE, OUTDATED, false, false, false, 0x401",
    "0x400, INCONSISTENT, CONSISTENT, false, false, false, 0x411",
    "0x411, UP_TO_DATE, NEGOTIATING, false, false, false, 0x411",
  })
  void afterAStateChange(
      String before,
      Disk present,
      Disk disk,
      boolean primary,
      boolean detachesInOrder,
      boolean crashed,
      String after) {
    Facts facts =
        new Facts(disk, primary, false, detachesInOrder, crashed, false, true, false, false);
    DeviceFlags flags = FlagRules.after(new DeviceFlags(Integer.decode(before)), present, facts);
    assertThat(flags.bits()).isEqualTo(Integer.decode(after));
  }

  @Test
  void thePrimaryMarkStaysWhilePeerWritesAreOnTheirWay() {
    Facts facts = new Facts(Disk.UP_TO_DATE, false, false, false, false, false, true, false, true);
    assertThat(FlagRules.after(new DeviceFlags(0x413), Disk.UP_TO_DATE, facts).bits())
        .isEqualTo(0x413);
  }

  @Test
  void aFailedDiskIsOldWhereDataLivesOnElsewhere() {
    Facts facts = new Facts(Disk.FAILED, false, true, false, false, false, true, true, false);
    assertThat(FlagRules.after(new DeviceFlags(0x413), Disk.UP_TO_DATE, facts).bits())
        .isEqualTo(0x403);
  }
}
