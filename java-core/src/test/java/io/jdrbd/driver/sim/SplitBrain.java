package io.jdrbd.driver.sim;

import io.jdrbd.disk.DiskException;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Both nodes are Primary at once while they do not reach each other, and both write. Then the nodes
 * must see that, and the changes of the second one are given up: by the policy {@code after-sb-1pri
 * discard-secondary}, or because a person connects it with {@code --discard-my-data}.
 */
final class SplitBrain {
  private static final int REQUESTS_MAX = 30;

  private final ClusterSimulation cluster;
  private final SimHost first;
  private final SimHost second;
  private final Random random;

  /** What the second one writes is forgotten in the end. */
  private final History forgotten;

  /** The generation that both have in common. */
  private final long common;

  /**
   * @param first its changes are kept; it is Primary, and in sync with the other
   */
  SplitBrain(ClusterSimulation cluster, SimHost first) {
    this.cluster = cluster;
    this.first = first;
    this.second = cluster.other(first);
    this.random = cluster.world().random();
    this.forgotten = cluster.history().fork();
    this.common = second.generation();
  }

  /** From the separation to a connection that stands. */
  void happen() {
    cluster.trace("split brain");
    cluster.world().network().weather(Weather.FINE);
    cluster.world().network().cut("10.0.0.1", "10.0.0.2");
    cluster.runUntil("separation", () -> !first.isConnected() && !second.isConnected());
    if (!writeOnBoth()) {
      cluster.world().network().healAll();
      return;
    }
    boolean bothPrimary = random.nextInt(4) == 0;
    if (!bothPrimary) {
      demote();
    }
    cluster.world().network().healAll();
    cluster.hosts().stream().filter(SplitBrain::isAlone).forEach(SimHost::connect);
    cluster.runUntil("an end of the split brain", () -> haveAgreed() || isReported());
    if (!haveAgreed()) {
      decide();
      cluster.runUntil("a connection after the split brain", this::haveAgreed);
    }
    if (second.role() == Role.PRIMARY) {
      throw new AssertionError("both are Primary after a split brain");
    }
  }

  /**
   * Whether both have written, so that each has a generation of its own: where only one has moved
   * on, it simply has the newer data, and that is no split brain.
   */
  private boolean writeOnBoth() {
    var answer = second.primary(true).toCompletableFuture();
    cluster.runUntil("answer to primary --force", answer::isDone);
    cluster.trace(second.name() + ": primary --force: " + answer.join());
    if (!answer.join().ok()) {
      return false;
    }
    Application working =
        new Application(cluster.world(), second, forgotten, cluster.plan().depth(), new Watch());
    working.work(1 + random.nextInt(REQUESTS_MAX));
    Application kept = cluster.application().orElseThrow();
    kept.work(1 + random.nextInt(REQUESTS_MAX));
    cluster.runUntil("a generation of the first one", () -> hasMovedOn(kept));
    cluster.runUntil("a generation of the second one", () -> hasMovedOn(working));
    cluster.runUntil("end of the second one's requests", () -> working.pending() == 0);
    return true;
  }

  /** Chance may have it that all requests were reads or flushes: then there are more. */
  private boolean hasMovedOn(Application working) {
    boolean moved = working.host().generation() != common;
    if (!moved && working.pending() == 0) {
      working.work(1 + random.nextInt(REQUESTS_MAX));
    }
    return moved;
  }

  private boolean haveAgreed() {
    return first.hasAgreed() && second.hasAgreed();
  }

  /**
   * Whether a node has given up and says why; either may be the first to see it. It can be so again
   * after a person has decided, where a node died before that was durable.
   */
  boolean isReported() {
    return first.isUp()
        && second.isUp()
        && (isAlone(first) || isAlone(second))
        && (isSplit(first) || isSplit(second));
  }

  private static boolean isSplit(SimHost host) {
    return host.lastHandshake().startsWith("split-brain");
  }

  /** A person has read the reasons: the second node gives up its changes. */
  void decide() {
    cluster.trace("a person decides: " + second.name() + " gives up its changes");
    for (SimHost host : cluster.hosts()) {
      var answer = host.disconnect(true).toCompletableFuture();
      cluster.runUntil("disconnect", answer::isDone);
    }
    cluster.runUntil("StandAlone", () -> isAlone(first) && isAlone(second));
    if (second.role() == Role.PRIMARY) {
      demote();
    }
    var _ = second.connect(new ConnectOptions(false, true));
    var _ = first.connect();
  }

  private static boolean isAlone(SimHost host) {
    return host.connection().state() == ConnectionState.STANDALONE;
  }

  private void demote() {
    var answer = second.secondary().toCompletableFuture();
    cluster.runUntil("answer to secondary", answer::isDone);
    cluster.trace(second.name() + ": secondary: " + answer.join());
  }

  /** What the second one acknowledges is lost, so that nobody counts on it. */
  private final class Watch implements Application.Watch {
    @Override
    public void acknowledged(SimHost on, Change change) {
      forgotten.acknowledged(change, false);
    }

    @Override
    public void failed(SimHost on, DiskException why) {
      throw new AssertionError(on.name() + " fails a request: " + why.getMessage(), why);
    }

    @Override
    public void trace(Supplier<String> what) {
      cluster.trace(what);
    }
  }
}
