package io.jdrbd.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4, "Soft rules" 11 and 12, and spec 7, section 8.1, for a node without peers. */
class DiskRulesTest {

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "DISKLESS,     PASSED",
    "ATTACHING,    IN_TRANSIENT_STATE",
    "DETACHING,    IN_TRANSIENT_STATE",
    "FAILED,       IN_TRANSIENT_STATE",
    "INCONSISTENT, DISK_CONFIGURED",
    "UP_TO_DATE,   DISK_CONFIGURED",
  })
  void attach(DiskState disk, String expected) {
    VolumeFacts volume = new VolumeFacts(0, disk, 0, 0);
    assertThat(RoleRulesTest.name(DiskRules.attach(volume))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, disk {1}, {2} readers, force {3} -> {4}")
  @CsvSource({
    "SECONDARY, DISKLESS,     0, false, PASSED",
    "PRIMARY,   DISKLESS,     0, false, PASSED",
    "SECONDARY, UP_TO_DATE,   0, false, PASSED",
    "SECONDARY, UP_TO_DATE,   1, false, NO_UP_TO_DATE_DISK",
    "SECONDARY, UP_TO_DATE,   1, true,  PASSED",
    "SECONDARY, INCONSISTENT, 1, false, PASSED",
    "PRIMARY,   UP_TO_DATE,   0, false, NO_UP_TO_DATE_DISK",
    "PRIMARY,   UP_TO_DATE,   0, true,  PASSED",
    "PRIMARY,   INCONSISTENT, 0, false, PASSED",
    "SECONDARY, ATTACHING,    0, true,  IN_TRANSIENT_STATE",
    "SECONDARY, DETACHING,    0, true,  IN_TRANSIENT_STATE",
  })
  void detach(Role role, DiskState disk, int readers, boolean force, String expected) {
    VolumeFacts volume = new VolumeFacts(0, disk, 0, readers);
    assertThat(RoleRulesTest.name(DiskRules.detach(role, volume, force))).isEqualTo(expected);
  }
}
