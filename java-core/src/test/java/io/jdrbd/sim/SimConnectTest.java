package io.jdrbd.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.ConnectRules;
import io.jdrbd.transport.connect.GreetingPeer;
import io.jdrbd.transport.connect.GreetingPeer.Pace;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The connect loop in thousands of worlds, against itself and against DRBD's own rules. */
class SimConnectTest {
  private static final int SEEDS = 300;
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** DRBD 9 dials as jdrbd does, and keeps what it accepted. */
  private static final ConnectRules DRBD9 =
      new ConnectRules(PathAddresses::localIsGreater, path -> false);

  /** DRBD 8.4 always dials DATA first. */
  private static final ConnectRules DRBD84 = new ConnectRules(path -> true, path -> false);

  private static ConnectRules rules(String name) {
    return switch (name) {
      case "jdrbd" -> ConnectRules.JDRBD;
      case "drbd9" -> DRBD9;
      case "drbd84" -> DRBD84;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static PathAddresses path(String localIp, String peerIp) {
    return new PathAddresses(
        new InetSocketAddress(localIp, 7789), new InetSocketAddress(peerIp, 7789));
  }

  private static ConnectPlan plan(PathAddresses... paths) {
    return new ConnectPlan("r0/peer", List.of(paths), TransportOptions.DEFAULT);
  }

  /** Two nodes with two addresses each, and what runs on them. */
  private static final class Pair implements AutoCloseable {
    private final SimWorld world;
    private final SimNode lesser;
    private final SimNode greater;
    private final List<PathAddresses> paths;
    private final List<GreetingPeer> peers = new ArrayList<>(List.of());

    Pair(long seed, int paths) {
      world = new SimWorld(seed);
      lesser = world.node("lesser", "10.0.0.1", "10.1.0.1");
      greater = world.node("greater", "10.0.0.2", "10.1.0.2");
      this.paths =
          List.of(path("10.0.0.1", "10.0.0.2"), path("10.1.0.1", "10.1.0.2")).subList(0, paths);
      peers.add(null);
      peers.add(null);
    }

    void startLesser() {
      lesser.start(node -> peers.set(0, peer(node, plan(paths.toArray(PathAddresses[]::new)))));
    }

    void startGreater() {
      greater.start(
          node ->
              peers.set(
                  1,
                  peer(
                      node,
                      plan(
                          paths.stream()
                              .map(
                                  each ->
                                      new PathAddresses(
                                          /* local= */ each.peer(), /* peer= */ each.local()))
                              .toArray(PathAddresses[]::new)))));
    }

    private static GreetingPeer peer(SimNode node, ConnectPlan plan) {
      return new GreetingPeer(
          node.loop(), node.transports().create("r0"), plan, Pace.DRBD, said -> {});
    }

    boolean isConnected() {
      return lesser.isUp()
          && greater.isUp()
          && peers.stream().allMatch(peer -> peer != null && peer.isConnected());
    }

    /** Virtual time that it takes, in nanoseconds. */
    long awaitConnected(long maxNs) {
      long beganNs = world.nowNs();
      assertThat(world.runUntil(this::isConnected, maxNs))
          .as("seed %d: connected after %d s", world.seed(), maxNs / SECOND_NS)
          .isTrue();
      return world.nowNs() - beganNs;
    }

    @Override
    public void close() {
      world.close();
    }
  }

  private static long startBoth(Pair pair, Random random, long maxNs) {
    long lesserNs = random.nextLong(3 * SECOND_NS / 1000);
    long greaterNs = random.nextLong(3 * SECOND_NS / 1000);
    pair.world.hardware().schedule(lesserNs, pair::startLesser);
    pair.world.hardware().schedule(greaterNs, pair::startGreater);
    return pair.awaitConnected(maxNs);
  }

  /** Within 3 ms of each other, with up to 0.5 ms for a segment: all kinds of crossings. */
  @ParameterizedTest
  @CsvSource({
    "jdrbd, jdrbd, 1, 1",
    "drbd9, jdrbd, 1, 10",
    "jdrbd, drbd9, 1, 10",
    "drbd84, jdrbd, 2, 15",
    "jdrbd, drbd84, 1, 10",
    "drbd9, drbd9, 1, 10",
    "drbd84, drbd84, 20, 300"
  })
  void bothStartAtOnce(String lesser, String greater, long nearlyAllS, long allS) {
    List<Long> times = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Pair pair = new Pair(seed, 1)) {
        pair.lesser.connectRules(rules(lesser));
        pair.greater.connectRules(rules(greater));
        times.add(startBoth(pair, pair.world.random(), allS * SECOND_NS));
      }
    }
    Collections.sort(times);
    assertThat(times.get(SEEDS * 95 / 100)).isLessThan(nearlyAllS * SECOND_NS);
  }

  @Test
  void sameSeedSameRun() {
    assertThat(fingerprint(7)).isEqualTo(fingerprint(7)).isNotEqualTo(fingerprint(8));
  }

  private static long fingerprint(long seed) {
    try (Pair pair = new Pair(seed, 2)) {
      trouble(pair);
      return pair.world.fingerprint();
    }
  }

  /** Whatever happens before: when it is over, they find each other. */
  @Test
  void theyFindEachOtherAfterAnyTrouble() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Pair pair = new Pair(seed, 1 + (int) (seed % 2))) {
        trouble(pair);
        pair.world.network().weather(Weather.FINE);
        pair.world.network().healAll();
        if (!pair.lesser.isUp()) {
          pair.startLesser();
        }
        if (!pair.greater.isUp()) {
          pair.startGreater();
        }
        pair.awaitConnected(120 * SECOND_NS);
        pair.world.runFor(25 * SECOND_NS);
        assertThat(pair.isConnected()).as("seed %d: still connected", seed).isTrue();
        boolean[] flags =
            new boolean[] {
              pair.peers.get(0).link().orElseThrow().resolveConflicts(),
              pair.peers.get(1).link().orElseThrow().resolveConflicts()
            };
        assertThat(flags[0]).as("seed %d: resolve-conflicts", seed).isNotEqualTo(flags[1]);
      }
    }
  }

  private static void trouble(Pair pair) {
    Random random = pair.world.random();
    pair.world.network().weather(new Weather(10_000, 200_000_000, 0.1, 0.02));
    pair.startLesser();
    pair.startGreater();
    for (int event = 0; event < 20; event++) {
      pair.world.runFor(random.nextLong(8 * SECOND_NS));
      troubleOnce(pair, random);
    }
  }

  private static void troubleOnce(Pair pair, Random random) {
    SimNode node = random.nextBoolean() ? pair.lesser : pair.greater;
    int link = random.nextInt(2);
    switch (random.nextInt(6)) {
      case 0 -> node.kill();
      case 1 -> node.powerOff();
      case 2 -> pair.world.network().cut("10." + link + ".0.1", "10." + link + ".0.2");
      case 3 -> pair.world.network().healAll();
      case 4 -> pair.world.network().breakOne();
      default -> {
        if (!pair.lesser.isUp()) {
          pair.startLesser();
        }
        if (!pair.greater.isUp()) {
          pair.startGreater();
        }
      }
    }
  }

  @Test
  void anotherPathTakesOver() {
    for (long seed = 0; seed < SEEDS / 10; seed++) {
      try (Pair pair = new Pair(seed, 2)) {
        startBoth(pair, pair.world.random(), 60 * SECOND_NS);
        PathAddresses used = pair.peers.get(0).link().orElseThrow().path();
        assertThat(used).isEqualTo(pair.paths.get(0));
        pair.world.network().cut("10.0.0.1", "10.0.0.2");
        pair.world.runUntil(() -> !pair.isConnected(), 30 * SECOND_NS);
        pair.awaitConnected(60 * SECOND_NS);
        assertThat(pair.peers.get(0).link().orElseThrow().path()).isEqualTo(pair.paths.get(1));
      }
    }
  }
}
