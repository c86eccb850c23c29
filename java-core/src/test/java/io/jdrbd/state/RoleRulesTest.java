package io.jdrbd.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4, "Soft rules" 3, 8 and 11, and "Role changes", for a node without peers. */
class RoleRulesTest {

  @ParameterizedTest(name = "{0}, failing I/O {1}, disk {2}, force {3} -> {4}")
  @CsvSource({
    "SECONDARY, false, UP_TO_DATE,   false, PASSED",
    "SECONDARY, false, UP_TO_DATE,   true,  PASSED",
    "SECONDARY, false, CONSISTENT,   false, NO_UP_TO_DATE_DISK",
    "SECONDARY, false, CONSISTENT,   true,  PASSED",
    "SECONDARY, false, OUTDATED,     false, NO_UP_TO_DATE_DISK",
    "SECONDARY, false, OUTDATED,     true,  PASSED",
    "SECONDARY, false, INCONSISTENT, false, NO_UP_TO_DATE_DISK",
    "SECONDARY, false, INCONSISTENT, true,  PASSED",
    "SECONDARY, false, DISKLESS,     false, NO_UP_TO_DATE_DISK",
    "SECONDARY, false, DISKLESS,     true,  NO_UP_TO_DATE_DISK",
    "SECONDARY, false, ATTACHING,    true,  NO_UP_TO_DATE_DISK",
    "SECONDARY, false, FAILED,       true,  NO_UP_TO_DATE_DISK",
    "SECONDARY, true,  UP_TO_DATE,   false, DEVICE_IN_USE",
    "SECONDARY, true,  UP_TO_DATE,   true,  DEVICE_IN_USE",
    "PRIMARY,   false, UP_TO_DATE,   false, PASSED",
    "PRIMARY,   false, DISKLESS,     false, PASSED",
  })
  void promote(Role role, boolean failingIo, DiskState disk, boolean force, String expected) {
    ResourceFacts resource = resource(role, failingIo, new VolumeFacts(0, disk, 0, 0));
    assertThat(name(RoleRules.promote(resource, force))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, {1} writers, {2} readers, force {3} -> {4}")
  @CsvSource({
    "PRIMARY,   0, 0, false, PASSED",
    "PRIMARY,   0, 3, false, PASSED",
    "PRIMARY,   1, 0, false, DEVICE_IN_USE",
    "PRIMARY,   1, 0, true,  PASSED",
    "SECONDARY, 0, 0, false, PASSED",
    "SECONDARY, 0, 2, false, PASSED",
  })
  void demote(Role role, int writers, int readers, boolean force, String expected) {
    ResourceFacts resource =
        resource(role, false, new VolumeFacts(0, DiskState.UP_TO_DATE, writers, readers));
    assertThat(name(RoleRules.demote(resource, force))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"UP_TO_DATE, PASSED", "DISKLESS, NO_UP_TO_DATE_DISK"})
  void everyVolumeMustHaveData(DiskState second, String expected) {
    ResourceFacts resource =
        resource(
            Role.SECONDARY,
            false,
            new VolumeFacts(0, DiskState.UP_TO_DATE, 0, 0),
            new VolumeFacts(7, second, 0, 0));
    Verdict verdict = RoleRules.promote(resource, false);
    assertThat(name(verdict)).isEqualTo(expected);
    if (!verdict.ok()) {
      assertThat(verdict.reason()).contains("volume 7", second.word());
    }
  }

  private static ResourceFacts resource(Role role, boolean failingIo, VolumeFacts... volumes) {
    return new ResourceFacts(role, failingIo, List.of(volumes));
  }

  static String name(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed passed -> "PASSED";
      case Verdict.Refused refused ->
          switch (refused.refusal()) {
            case StateError error -> error.name();
            case ConfigError error -> error.name();
          };
    };
  }
}
