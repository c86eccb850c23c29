package io.jdrbd.driver.sim;

import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What happens to the two nodes and what is between them. */
final class Chaos {
  private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Weather BAD = new Weather(10_000, 60_000_000, 0.05, 0.002);
  private static final Weather SLOW = new Weather(1_000_000, 30_000_000, 0, 0);

  private final ClusterSimulation cluster;
  private final Random random;

  /** Is over when both are in sync again. */
  private Optional<SplitBrain> split = Optional.empty();

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
    split = split.filter(any -> !cluster.hosts().stream().allMatch(SimHost::isInSync));
    SimHost host = cluster.hosts().get(random.nextInt(2));
    switch (random.nextInt(15)) {
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
      case 9, 10, 11 -> crash(host);
      case 12 -> splitBrain();
      case 13 -> diskFails(host);
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
    } else if (host.isUp() && host.volume().diskState() == DiskState.DISKLESS) {
      new FailingDisk(cluster, host).repair();
    } else if (cluster.application().isEmpty()) {
      cluster
          .lastPrimary()
          .filter(last -> last.bitmap().isPresent())
          .ifPresent(last -> cluster.promote(last, false));
    }
  }

  private void splitBrain() {
    boolean possible =
        cluster.application().filter(Application::isAlive).isPresent()
            && random.nextInt(3) == 0
            && cluster.hosts().stream().allMatch(SimHost::isInSync);
    if (possible) {
      SplitBrain begun = new SplitBrain(cluster, cluster.application().orElseThrow().host());
      split = Optional.of(begun);
      begun.happen();
    }
  }

  private void diskFails(SimHost host) {
    boolean secondary = cluster.application().filter(app -> app.host().equals(host)).isEmpty();
    if (secondary && host.bitmap().isPresent()) {
      new FailingDisk(cluster, host).happen();
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
    cluster.hosts().forEach(host -> new FailingDisk(cluster, host).repair());
    cluster.trace("calm");
  }

  /**
   * Whoever is StandAlone connects, and a person decides where nodes cannot, until all is in sync.
   */
  void awaitInSync() {
    boolean decided;
    do {
      cluster.runUntil(
          "in sync",
          () -> {
            if (isUndecided() || isSplit()) {
              return true;
            }
            cluster.hosts().forEach(this::connect);
            return cluster.hosts().stream().allMatch(SimHost::isInSync);
          });
      decided = isUndecided() || isSplit();
      if (isSplit()) {
        split.orElseThrow().decide();
      } else if (decided) {
        cluster.trace("a person gives way to the crashed primary");
        cluster.demote();
      }
    } while (decided);
  }

  /** Where a split brain was not over for good when the nodes died. */
  private boolean isSplit() {
    return split.filter(SplitBrain::isReported).isPresent();
  }

  private boolean isUndecided() {
    return cluster.hosts().stream().anyMatch(this::isTargetAndPrimary);
  }

  /**
   * With protocols A and B a crashed Primary has acknowledged writes that nobody else has, so that
   * it is the source, even if its peer was promoted since and has written nothing: that is told to
   * give up its role (spec 3.6.1, rows 9 and 10; 3.6.4, step 10).
   */
  private boolean isTargetAndPrimary(SimHost host) {
    return !cluster.plan().protocol().equals("C")
        && host.isUp()
        && host.role() == Role.PRIMARY
        && host.connection().state() == ConnectionState.STANDALONE
        && host.lastHandshake().contains("by rule crashed-primary")
        && host.lastHandshake().contains("This node is Primary, and a target's data changes");
  }
}
