package io.jdrbd.driver.sim;

import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.state.ConnectionState;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What happens to the two nodes and what is between them. */
final class Chaos {
  private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Weather BAD = new Weather(10_000, 60_000_000, 0.05, 0.002);
  private static final Weather SLOW = new Weather(1_000_000, 30_000_000, 0, 0);

  private final ClusterSimulation cluster;
  private final Random random;

  Chaos(ClusterSimulation cluster) {
    this.cluster = cluster;
    this.random = cluster.world().random();
  }

  /** How long it is quiet between two events: mostly too short to recover. */
  long pauseMaxNs() {
    return switch (random.nextInt(6)) {
      case 0 -> 12_000 * MILLISECOND_NS;
      case 1, 2 -> 2_000 * MILLISECOND_NS;
      default -> 40 * MILLISECOND_NS;
    };
  }

  /** One event, chosen by chance. */
  void happen() {
    SimHost host = cluster.hosts().get(random.nextInt(2));
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        cluster.trace("a connection breaks");
        cluster.world().network().breakOne();
      }
      case 2 -> {
        cluster.trace("nothing passes");
        cluster.world().network().cut("10.0.0.1", "10.0.0.2");
      }
      case 3 -> {
        cluster.trace("all passes");
        cluster.world().network().healAll();
      }
      case 4 -> cluster.world().network().weather(Weather.FINE);
      case 5 -> cluster.world().network().weather(random.nextBoolean() ? BAD : SLOW);
      case 6 -> disconnect(host);
      default -> connect(host);
    }
  }

  private void disconnect(SimHost host) {
    if (host.isUp()) {
      boolean force = random.nextBoolean();
      cluster.trace(host.name() + ": disconnect" + (force ? " --force" : ""));
      var _ =
          host.disconnect(force)
              .thenAccept(verdict -> cluster.trace(host.name() + ": disconnect " + verdict));
    }
  }

  private void connect(SimHost host) {
    if (host.isUp() && host.connection().state() == ConnectionState.STANDALONE) {
      cluster.trace(host.name() + ": connect: " + host.connect());
    }
  }

  /** Nothing happens any more, and who can connect does. */
  void calm() {
    cluster.world().network().weather(Weather.FINE);
    cluster.world().network().healAll();
    cluster.trace("calm");
  }

  /** Whoever is StandAlone connects, until all is in sync. */
  void awaitInSync() {
    cluster.runUntil(
        "in sync",
        () -> {
          cluster.hosts().forEach(this::connect);
          return cluster.hosts().stream().allMatch(SimHost::isInSync);
        });
  }
}
