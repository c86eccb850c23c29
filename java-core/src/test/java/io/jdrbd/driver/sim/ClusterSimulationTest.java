package io.jdrbd.driver.sim;

import org.junit.jupiter.api.Test;

/** The quick share of {@link ClusterSimulationIT}: the first seeds only. */
class ClusterSimulationTest {
  private static final long SEEDS = 100;

  @Test
  void nothingOfWhatMustNeverHappenHappens() {
    SeedRuns.run(SEEDS, ClusterSimulation::new);
  }
}
