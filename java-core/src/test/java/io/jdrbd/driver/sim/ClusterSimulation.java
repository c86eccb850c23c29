package io.jdrbd.driver.sim;

import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run: two nodes become one replicated disk, an application works on the Primary, things
 * happen, and when they are over, both disks must be the same and nothing that was promised may be
 * missing.
 */
final class ClusterSimulation implements SimRun, Application.Watch {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Not connected, and what follows from that is done. */
  private static final Set<ConnectionState> SETTLED =
      EnumSet.of(
          ConnectionState.STANDALONE, ConnectionState.UNCONNECTED, ConnectionState.CONNECTING);

  private static final int BLOCK_SECTORS = 8;
  private static final int REQUESTS_MAX = 40;
  private static final long PATIENCE_NS = 180 * SECOND_NS;

  private final SimWorld world;
  private final Plan plan;
  private final List<SimHost> hosts;
  private final History history = new History();
  private final Consumer<Supplier<String>> trace;
  private Optional<Application> application = Optional.empty();
  private Optional<SimHost> lastPrimary = Optional.empty();

  /**
   * @param trace is told what happens
   */
  ClusterSimulation(long seed, Consumer<Supplier<String>> trace) {
    this(new SimWorld(seed), Plan::of, trace);
  }

  /**
   * @param planned what it is to be like
   * @param trace is told what happens
   */
  ClusterSimulation(
      SimWorld world, Function<Random, Plan> planned, Consumer<Supplier<String>> trace) {
    this.world = world;
    this.plan = planned.apply(world.random());
    this.trace = trace;
    this.hosts = List.of(new SimHost(world, plan, 0), new SimHost(world, plan, 1));
    if (plan.protocol().equals("C")) {
      world.afterEachTask(new MarkWatch(hosts, this::isBeingWritten)::look);
    }
  }

  @Override
  public SimWorld world() {
    return world;
  }

  Plan plan() {
    return plan;
  }

  @Override
  public List<SimHost> hosts() {
    return hosts;
  }

  History history() {
    return history;
  }

  Optional<Application> application() {
    return application;
  }

  SimHost other(SimHost host) {
    return hosts.get(host.peer());
  }

  @Override
  public void run() throws IOException, ToolException {
    start();
    Chaos chaos = new Chaos(this);
    for (int event = 0; event < plan.events(); event++) {
      application.ifPresent(working -> working.work(world.random().nextInt(REQUESTS_MAX)));
      runFor(world.random().nextLong(chaos.pauseMaxNs()));
      chaos.happen();
      checkMarks();
    }
    settle(chaos);
  }

  /** Both nodes are up, and an application may work on one of them. */
  void start() throws IOException, ToolException {
    trace(plan.toString());
    for (SimHost host : hosts) {
      host.createMetadata();
      host.start();
    }
    runUntil("up", () -> hosts.stream().allMatch(SimHost::isUp));
    begin(hosts.get(world.random().nextInt(2)));
  }

  private void begin(SimHost primary) {
    runUntil("attached", () -> hosts.stream().allMatch(host -> host.bitmap().isPresent()));
    if (!plan.fresh()) {
      runUntil("in sync", () -> hosts.stream().allMatch(SimHost::isInSync));
    }
    promote(primary, plan.fresh());
  }

  /**
   * Makes it Primary, and has an application work there.
   *
   * @return whether it could be
   */
  boolean promote(SimHost host, boolean force) {
    trace(host.name() + ": primary" + (force ? " --force" : ""));
    var answer = host.primary(force).toCompletableFuture();
    runUntil("answer to primary", answer::isDone);
    trace(host.name() + ": " + answer.join());
    if (answer.join().ok()) {
      history.movesTo();
      Application begun = new Application(world, host, history, plan.depth(), this);
      application = Optional.of(begun);
      lastPrimary = Optional.of(host);
    }
    return answer.join().ok();
  }

  /** Who was Primary last: nobody else may be promoted but by a failover. */
  Optional<SimHost> lastPrimary() {
    return lastPrimary;
  }

  /** The node dies. */
  void crash(SimHost host, boolean power) {
    boolean primary = application.filter(working -> working.host().equals(host)).isPresent();
    trace(host.name() + (power ? " loses power" : " is killed"));
    if (power) {
      host.powerOff();
    } else {
      host.kill();
    }
    if (primary) {
      if (power) {
        history.powerLost(host.medium());
      }
      history.interrupted();
      application = Optional.empty();
    }
  }

  /** The application ends in order, and the node becomes Secondary. */
  boolean demote() {
    Application working = application.orElseThrow();
    drain(working);
    trace(working.host().name() + ": secondary");
    var answer = working.host().secondary().toCompletableFuture();
    runUntil("answer to secondary", answer::isDone);
    trace(working.host().name() + ": " + answer.join());
    if (answer.join().ok()) {
      application = Optional.empty();
    }
    return answer.join().ok();
  }

  /** Nothing happens any more: both get in sync, and all is looked at. */
  void settle(Chaos chaos) {
    chaos.calm();
    application.filter(Application::isAlive).ifPresent(this::drain);
    do {
      chaos.awaitInSync();
      runFor(SECOND_NS);
    } while (!hosts.stream().allMatch(SimHost::isInSync));
    trace("in sync");
    checkEqual();
    for (SimHost host : hosts) {
      if (host.buffersInUse() > SimHost.BUFFERS_AT_REST) {
        throw new AssertionError("all is quiet, but " + host.text());
      }
      history.check(host.medium(), history.safe(), history.safe().written(), host.name());
    }
  }

  private void drain(Application working) {
    working.stop();
    runUntil("end of all requests", () -> working.pending() == 0);
  }

  private void checkEqual() {
    for (long block = 0; block < SimHost.DATA_BYTES / 4096; block++) {
      if (!hosts.get(0).medium().isEqual(hosts.get(1).medium(), block)) {
        throw new AssertionError("all is in sync, but " + difference(block));
      }
    }
  }

  /**
   * Every block that differs is marked, on one side at least, while nothing is on its way: both
   * know that they are not connected, and no write has been begun that has not ended.
   */
  private void checkMarks() {
    boolean quiet =
        hosts.stream()
                .allMatch(
                    host ->
                        host.bitmap().isPresent() && SETTLED.contains(host.connection().state()))
            && history.inFlight().isEmpty();
    if (!quiet) {
      return;
    }
    for (long block = 0; block < SimHost.DATA_BYTES / 4096; block++) {
      long differing = block;
      boolean equal = hosts.get(0).medium().isEqual(hosts.get(1).medium(), block);
      if (!equal && hosts.stream().noneMatch(host -> host.marks(differing))) {
        throw new AssertionError("nobody marks " + difference(block));
      }
    }
  }

  private boolean isBeingWritten(long block) {
    long first = block * BLOCK_SECTORS;
    return history.inFlight().stream()
        .anyMatch(
            change -> change.firstSector() < first + BLOCK_SECTORS && change.endSector() > first);
  }

  private String difference(long block) {
    StringBuilder text = new StringBuilder("block " + block + " differs:");
    long first = block * BLOCK_SECTORS;
    for (long sector = first; sector < first + BLOCK_SECTORS; sector++) {
      int alpha = hosts.get(0).medium().stamp(sector);
      int bravo = hosts.get(1).medium().stamp(sector);
      if (alpha != bravo) {
        text.append(" sector %d of writes %d and %d".formatted(sector, alpha, bravo));
      }
    }
    return text.toString();
  }

  void runFor(long ns) {
    world.runFor(ns);
    checkRoles();
  }

  private void checkRoles() {
    boolean both =
        hosts.stream()
            .allMatch(host -> host.isUp() && host.isReplicating() && host.role() == Role.PRIMARY);
    if (both) {
      throw new AssertionError("both are Primary, and connected");
    }
  }

  void runUntil(String what, BooleanSupplier condition) {
    long endNs = world.nowNs() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (world.nowNs() > endNs) {
        throw new AssertionError("never: " + what);
      }
      runFor(toNextLook());
    }
  }

  /** Looks are a fixed time apart, but for those between which nothing happens. */
  private long toNextLook() {
    return Math.max(1, Math.ceilDiv(Math.min(world.idleNs(), PATIENCE_NS), LOOK_NS)) * LOOK_NS;
  }

  @Override
  public void acknowledged(SimHost on, Change change) {
    boolean everywhere =
        plan.protocol().equals("C") && on.isReplicating() && other(on).hasGoodDisk();
    trace(() -> "%s acknowledges %s%s".formatted(on.name(), change, everywhere ? " of both" : ""));
    history.acknowledged(change, everywhere);
    checkHas(on, change);
    // One that has lost power since is another node now, and has not connected yet.
    if (everywhere && other(on).isConnected()) {
      checkHas(other(on), change);
    }
  }

  private void checkHas(SimHost host, Change change) {
    for (long sector = change.firstSector(); sector < change.endSector(); sector++) {
      int stamp = host.medium().stamp(sector);
      if (!history.visible().allows(sector, stamp)) {
        throw new AssertionError(
            "%s is acknowledged, but on %s sector %d holds write %d"
                .formatted(change, host.name(), sector, stamp));
      }
    }
  }

  @Override
  public void failed(SimHost on, DiskException why) {
    throw new AssertionError(on.name() + " fails a request: " + why.getMessage(), why);
  }

  @Override
  public void trace(String what) {
    trace(() -> what);
  }

  @Override
  public void trace(Supplier<String> what) {
    trace.accept(() -> "%.6f %s".formatted(world.nowNs() / 1e9, what.get()));
  }

  @Override
  public String text() {
    return "%s; %s; %s".formatted(plan, hosts.get(0).text(), hosts.get(1).text());
  }

  @Override
  public void close() {
    world.close();
    hosts.forEach(SimHost::close);
  }
}
