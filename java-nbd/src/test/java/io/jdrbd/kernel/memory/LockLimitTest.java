package io.jdrbd.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockLimitTest {

  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, true",
    "0000000000004000, true",
    "ffffffffffffbfff, false",
    "0000000000000000, false",
  })
  void capabilityToLockIsBit14(String effective, boolean may) {
    assertThat(
            LockLimit.hasCapability(List.of("CapPrm:\tffffffffffffffff", "CapEff:\t" + effective)))
        .isEqualTo(may);
  }

  @ParameterizedTest
  @CsvSource({
    "Max locked memory         unlimited            unlimited            bytes, true",
    "Max locked memory         8388608              unlimited            bytes, false",
    "Max file size             unlimited            unlimited            bytes, false",
  })
  void softLimitCounts(String limit, boolean none) {
    assertThat(LockLimit.hasNoLimit(List.of(limit))).isEqualTo(none);
  }
}
