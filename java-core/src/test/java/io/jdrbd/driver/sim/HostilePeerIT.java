package io.jdrbd.driver.sim;

import org.junit.jupiter.api.Test;

/** Peers that talk nonsense, by thousands of seeds; {@code -Djdrbd.sim.seed=N} replays one. */
class HostilePeerIT {
  private static final long SEEDS = 600;

  @Test
  void nonsenseDoesNotHurt() {
    SeedRuns.run(SEEDS, HostileRun::new);
  }
}
