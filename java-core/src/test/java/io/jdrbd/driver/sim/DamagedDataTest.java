package io.jdrbd.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that is changed on its way, past TCP's own checksum (spec 2.8). */
class DamagedDataTest {
  private static final int SECTOR_BYTES = 512;
  private static final int REQUESTS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"crc32c", "sha1", "md5"})
  void oneByteEndsTheConnectionAndNeverReachesTheDisk(String algorithm)
      throws IOException, ToolException {
    Plan plan =
        new Plan(
            "C", algorithm, "", Plan.DISCONNECT, false, 4, 1_000_000, 0, ClusterDriver.UP_TO_122);
    try (ClusterSimulation run = new ClusterSimulation(new SimWorld(1), any -> plan, line -> {})) {
      run.start();
      Application application = run.application().orElseThrow();
      SimHost secondary = run.other(application.host());
      run.world().network().damageOne(piece -> piece.length >= SECTOR_BYTES);
      application.work(REQUESTS);
      run.runUntil("the secondary notices", () -> !secondary.isConnected());
      assertThat(secondary.reasons()).contains("do not have the digest that came with them");
      run.settle(new Chaos(run));
    }
  }
}
