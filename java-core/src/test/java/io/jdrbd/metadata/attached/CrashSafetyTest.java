package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The quick share of {@link CrashSafetyIT}: the first worlds only. */
class CrashSafetyTest {
  private static final long POINTS = 2_000;

  @Test
  void noCrashLosesAMark() throws Exception {
    assertThat(CrashRuns.visit(POINTS)).isPositive();
  }
}
