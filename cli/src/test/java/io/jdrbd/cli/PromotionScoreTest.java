package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 7, section 11.2, for a node without peers. */
class PromotionScoreTest {

  @ParameterizedTest(name = "{0}, {1} and {2} -> {3} {4}")
  @CsvSource({
    "SECONDARY, UP_TO_DATE, UP_TO_DATE,   true,  10201",
    "PRIMARY,   UP_TO_DATE, UP_TO_DATE,   false, 10201",
    "SECONDARY, UP_TO_DATE, INCONSISTENT, false, 0",
    "SECONDARY, UP_TO_DATE, DISKLESS,     false, 0",
    "SECONDARY, DISKLESS,   DISKLESS,     false, 0",
  })
  void score(Role role, DiskState first, DiskState second, boolean mayPromote, int expectedScore) {
    ResourceView resource = Samples.mesh(role, volume(0, first), volume(1, second));
    assertThat(PromotionScore.of(resource))
        .isEqualTo(new PromotionScore(mayPromote, expectedScore));
  }

  private static VolumeView volume(int number, DiskState disk) {
    return Samples.volume(number, 20 + number, disk, Optional.empty(), false);
  }
}
