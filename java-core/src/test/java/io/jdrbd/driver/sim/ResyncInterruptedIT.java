package io.jdrbd.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.transport.StreamKind;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A connection is made after a separation, and broken at each of its packets in turn, from the
 * first one to the last one of the resync: in the end both disks are the same, whatever was done of
 * it (spec 6.13).
 */
class ResyncInterruptedIT {
  private static final int NEVER = Integer.MAX_VALUE;
  private static final Logger LOG = Logger.getLogger("io.jdrbd");

  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  static Stream<SessionSettings.Versions> wherever() {
    return Stream.of(ClusterDriver.UP_TO_101, ClusterDriver.UP_TO_122);
  }

  @ParameterizedTest
  @MethodSource
  void wherever(SessionSettings.Versions versions) throws IOException, ToolException {
    int packets = packets(versions, NEVER);
    assertThat(packets).isGreaterThan(30);
    IntStream.range(0, packets).parallel().forEach(last -> interrupted(versions, last));
  }

  private static void interrupted(SessionSettings.Versions versions, int last) {
    try {
      packets(versions, last);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "version %d, broken at packet %d".formatted(versions.max(), last), failure);
    }
  }

  /**
   * One separation and its end.
   *
   * @param last the connection breaks after this packet, by either node, from 0
   * @return how many packets were sent until both were in sync
   */
  private static int packets(SessionSettings.Versions versions, int last)
      throws IOException, ToolException {
    Plan plan = new Plan("C", "", "", Plan.DISCONNECT, false, 4, 1_000_000, 0, versions);
    try (ClusterSimulation run =
        new ClusterSimulation(new SimWorld(last), any -> plan, line -> {})) {
      Breaker breaker = new Breaker(run.world());
      run.hosts()
          .forEach(
              host ->
                  host.disguise(
                      real -> new HostileTransport(real, host.machine().loop(), breaker)));
      run.start();
      Application application = run.application().orElseThrow();
      run.world().network().cut("10.0.0.1", "10.0.0.2");
      application.work(60);
      run.runUntil(
          "separation",
          () -> application.pending() == 0 && run.hosts().stream().noneMatch(SimHost::isConnected));
      breaker.begin(last);
      run.world().network().healAll();
      application.work(20);
      run.settle(new Chaos(run));
      return breaker.sent;
    }
  }

  /** Breaks what stands after a number of packets. */
  private static final class Breaker implements Mischief {
    private final SimWorld world;
    private boolean counting;
    private int last = NEVER;
    private int sent;

    Breaker(SimWorld world) {
      this.world = world;
    }

    void begin(int breakAfter) {
      last = breakAfter;
      counting = true;
    }

    @Override
    public void sends(HostileLink link, StreamKind kind, byte[] packet) {
      link.say(kind, packet);
      if (counting) {
        if (sent == last) {
          world.network().breakOne();
        }
        sent++;
      }
    }
  }
}
