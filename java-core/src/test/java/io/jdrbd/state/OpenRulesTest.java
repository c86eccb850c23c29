package io.jdrbd.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4, "Explicit and implicit", for a node without peers. */
class OpenRulesTest {

  @ParameterizedTest(name = "{0}, failing I/O {1}, disk {2}, auto-promote {3}, writing {4} -> {5}")
  @CsvSource({
    "PRIMARY,   false, UP_TO_DATE, true,  true,  OPEN",
    "PRIMARY,   false, UP_TO_DATE, false, true,  OPEN",
    "PRIMARY,   false, UP_TO_DATE, true,  false, OPEN",
    "SECONDARY, false, UP_TO_DATE, true,  true,  PROMOTE",
    "SECONDARY, false, UP_TO_DATE, true,  false, OPEN",
    "SECONDARY, false, DISKLESS,   true,  true,  EROFS",
    "SECONDARY, false, DISKLESS,   true,  false, ENODATA",
    "SECONDARY, false, UP_TO_DATE, false, true,  EROFS",
    "SECONDARY, false, UP_TO_DATE, false, false, EMEDIUMTYPE",
    "SECONDARY, true,  UP_TO_DATE, true,  true,  EIO",
    "SECONDARY, true,  UP_TO_DATE, true,  false, EIO",
  })
  void open(
      Role role,
      boolean failingIo,
      DiskState disk,
      boolean autoPromote,
      boolean forWriting,
      String expected) {
    VolumeFacts volume = new VolumeFacts(0, disk, 0, 0);
    ResourceFacts resource = new ResourceFacts(role, failingIo, List.of(volume));
    String decision =
        switch (OpenRules.open(resource, volume, forWriting, autoPromote)) {
          case OpenDecision.Open open -> "OPEN";
          case OpenDecision.PromoteFirst promote -> "PROMOTE";
          case OpenDecision.Refuse refuse -> refuse.errno().name();
        };
    assertThat(decision).isEqualTo(expected);
  }
}
