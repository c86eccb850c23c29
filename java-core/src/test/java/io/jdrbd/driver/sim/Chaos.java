package io.jdrbd.driver.sim;

import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.state.ConnectionState;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What happens to the two nodes and what is between them. */
final class Chaos {
  private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Weather BAD = new Weather(10_000, 60_000_000, 0.05, 0.002);
  private static final Weather SLOW = new Weather(1_000_000, 30_000_000, 0, 0);

  /** With {@code -Djdrbd.sim.crashes=true} nodes die whatever version they speak. */
  private static final boolean CRASHES = Boolean.getBoolean("jdrbd.sim.crashes");

  private final ClusterSimulation cluster;
  private final Random random;

  /** Whether nodes die, and their peers take over. */
  private final boolean crashes;

  Chaos(ClusterSimulation cluster) {
    this.cluster = cluster;
    this.random = cluster.world().random();
    this.crashes = CRASHES || cluster.plan().versions().equals(ClusterDriver.UP_TO_101);
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
    switch (random.nextInt(crashes ? 13 : 10)) {
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
      case 7 -> switchRoles();
      case 8 -> recover(host);
      case 9, 10, 11 -> {
        if (crashes) {
          crash(host);
        } else {
          connect(host);
        }
      }
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

  private void crash(SimHost host) {
    if (!host.isUp()) {
      return;
    }
    SimHost other = cluster.other(host);
    boolean isPrimary = cluster.application().filter(app -> app.host().equals(host)).isPresent();
    boolean mayFailOver = isPrimary && host.isInSync() && other.isInSync() && random.nextInt(3) > 0;
    cluster.crash(host, random.nextBoolean());
    if (mayFailOver) {
      cluster.runFor(random.nextLong(20_000 * MILLISECOND_NS));
      failOver(other);
    }
  }

  /** The peer of a Primary that died while both were in sync takes over. */
  private void failOver(SimHost host) {
    cluster.trace("failover");
    if (!cluster.promote(host, false)) {
      cluster.promote(host, true);
    }
  }

  /** Who is down starts again; if nobody is Primary, the last one becomes so again. */
  private void recover(SimHost host) {
    if (!host.isUp() && !host.machine().isUp()) {
      cluster.trace(host.name() + " starts");
      host.start();
    } else if (cluster.application().isEmpty()) {
      cluster
          .lastPrimary()
          .filter(last -> last.bitmap().isPresent())
          .ifPresent(last -> cluster.promote(last, false));
    }
  }

  private void switchRoles() {
    boolean possible =
        cluster.application().isPresent() && cluster.hosts().stream().allMatch(SimHost::isInSync);
    if (possible) {
      SimHost before = cluster.application().orElseThrow().host();
      if (cluster.demote() && cluster.hosts().stream().allMatch(SimHost::isInSync)) {
        cluster.promote(cluster.other(before), false);
      }
    }
  }

  private void connect(SimHost host) {
    if (host.bitmap().isPresent() && host.connection().state() == ConnectionState.STANDALONE) {
      cluster.trace(host.name() + ": connect: " + host.connect());
    }
  }

  /** Nothing happens any more, and who can connect does. */
  void calm() {
    cluster.world().network().weather(Weather.FINE);
    cluster.world().network().healAll();
    cluster.hosts().stream().filter(host -> !host.machine().isUp()).forEach(SimHost::start);
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
