package io.jdrbd.driver.sim;

import org.junit.jupiter.api.Test;

/**
 * Two nodes in thousands of simulated worlds. A failure prints the seed; {@code -Djdrbd.sim.seed=N}
 * replays that world alone.
 */
class ClusterSimulationIT {
  private static final long SEEDS = 4_000;

  @Test
  void nothingOfWhatMustNeverHappenHappens() {
    SeedRuns.run(SEEDS, ClusterSimulation::new);
  }
}
