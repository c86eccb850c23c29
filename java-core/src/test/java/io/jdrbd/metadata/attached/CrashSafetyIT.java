package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Loses power after every single disk operation of many random lives, and looks whether a mark or a
 * write was lost. A failure prints the seed; {@code -Djdrbd.crash.seed=N} replays that world alone.
 */
class CrashSafetyIT {
  private static final long POINTS = 100_000;

  @Test
  void noCrashLosesAMark() throws Exception {
    assertThat(CrashRuns.visit(POINTS)).isPositive();
  }
}
