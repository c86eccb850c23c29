package io.jdrbd.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A Primary whose current data was at the peer only, and is lost with it. */
class LostDataTest {
  private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(500);

  @Test
  void requestsFailButTheDiskStays() throws IOException, ToolException {
    Plan plan =
        new Plan("C", "", "", Plan.DISCONNECT, true, 1, SLOW_NS, 0, ClusterDriver.UP_TO_122);
    try (ClusterSimulation run = new ClusterSimulation(new SimWorld(1), any -> plan, line -> {})) {
      run.start();
      SimHost source = run.application().orElseThrow().host();
      SimHost target = run.other(source);
      slowDown(target);
      run.runUntil(
          "a resync",
          () ->
              target.isConnected()
                  && target.device().replication() == ReplicationState.SYNC_TARGET);
      assertThat(run.demote()).isTrue();
      // States of before are told in order, after slow writes of metadata (spec 4.6).
      run.runFor(4 * SLOW_NS);
      var answer = target.primary(false).toCompletableFuture();
      run.runUntil("promotion", answer::isDone);
      assertThat(answer.join().ok()).as(answer.join().toString()).isTrue();

      Load load = new Load(run.world().random(), target);
      load.start(1);
      source.kill();
      run.runUntil("the end of the connection", () -> !target.isConnected());
      run.runUntil("failed requests", () -> load.failed() > 3);
      assertThat(target.volume().diskState()).isEqualTo(DiskState.INCONSISTENT);
    }
  }

  /** A resync lasts until the target is Primary, and longer. */
  private static void slowDown(SimHost target) {
    Map<String, String> slow = Map.of("c-plan-ahead", "0", "resync-rate", "512K");
    target.node().peers().peerDeviceOptions("r0", target.peer(), 0, options -> options.with(slow));
  }
}
