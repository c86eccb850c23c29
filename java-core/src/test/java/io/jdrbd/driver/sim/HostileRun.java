package io.jdrbd.driver.sim;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.resource.Decision;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Verdict;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.WireDialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One node whose peer talks nonsense for a while, at any moment from the first packet on. Nothing
 * may come of it but lost connections and refusals that say why: all requests and commands end, no
 * buffer is kept, and a good peer is welcome afterwards.
 */
final class HostileRun implements SimRun {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PATIENCE_NS = 120 * SECOND_NS;
  private static final int DEPTH_MAX = 6;
  private static final int CRC_BYTES = 4;

  /** From this version on nodes tell each other which digest they use. */
  private static final int DIGESTS = 87;

  /** Is refused with the feature RESYNC_DAGTAG (spec 1.6). */
  private static final int MERGED_DISCARDS = 121;

  private static final List<Integer> VERSIONS =
      IntStream.concat(IntStream.rangeClosed(86, 101), IntStream.rangeClosed(118, 122))
          .boxed()
          .toList();

  /** What a person must not be told. */
  private static final Pattern NO_REASON = Pattern.compile("^$|null|Exception|@[0-9a-f]{4}");

  private final SimWorld world;
  private final Random random;
  private final Plan plan;
  private final SimHost node;
  private final SimHost peer;
  private final Nonsense nonsense;
  private final Consumer<Supplier<String>> trace;
  private final List<Load> loads = new ArrayList<>();
  private final List<CompletableFuture<Verdict>> commands = new ArrayList<>();

  /**
   * @param trace is told what happens
   */
  HostileRun(long seed, Consumer<Supplier<String>> trace) {
    this.world = new SimWorld(seed);
    this.random = world.random();
    this.trace = trace;
    this.plan = plan(random);
    int id = random.nextInt(2);
    this.node = new SimHost(world, plan, id);
    this.peer = new SimHost(world, plan, 1 - id);
    SessionSettings.Versions versions = plan.versions();
    this.nonsense =
        new Nonsense(
            random,
            WireDialect.of(versions.max(), versions.features())
                .withDigestBytes(plan.digest().isEmpty() ? 0 : CRC_BYTES),
            random.nextInt(random.nextBoolean() ? 12 : 200),
            random.nextBoolean() ? 0.05 : 0.5,
            1 + random.nextInt(12),
            this::trace);
  }

  private static Plan plan(Random random) {
    int version = VERSIONS.get(random.nextInt(VERSIONS.size()));
    int some = random.nextBoolean() ? -1 : random.nextInt();
    int refused = version == MERGED_DISCARDS ? Feature.RESYNC_DAGTAG.mask() : 0;
    int features = ClusterDriver.UP_TO_122.features() & some & ~refused;
    return new Plan(
        String.valueOf("ABC".charAt(random.nextInt(3))),
        version >= DIGESTS && random.nextInt(4) == 0 ? "crc32c" : "",
        random.nextInt(4) == 0 ? "rosebud" : "",
        Plan.DISCONNECT,
        random.nextInt(3) == 0,
        1 + random.nextInt(DEPTH_MAX),
        1_000_000,
        0,
        new SessionSettings.Versions(86, version, features));
  }

  @Override
  public SimWorld world() {
    return world;
  }

  @Override
  public List<SimHost> hosts() {
    return List.of(node, peer);
  }

  @Override
  public void run() throws IOException, ToolException {
    trace(plan.toString());
    start();
    while (!nonsense.isDone() && world.nowNs() < 5 * SECOND_NS) {
      world.runFor(random.nextLong(SECOND_NS / 2));
      command(random.nextInt(3) > 0 ? node : peer);
    }
    checkReasons();
    peer.kill();
    trace("the peer is gone");
    settle();
    welcomeGoodPeer();
  }

  /** One of them may have worked alone for a while, so that there is something to resync. */
  private void start() throws IOException, ToolException {
    node.createMetadata();
    peer.createMetadata();
    peer.disguise(real -> new HostileTransport(real, peer.machine().loop(), nonsense));
    SimHost first = random.nextBoolean() ? node : peer;
    first.start();
    runUntil("attached", () -> first.bitmap().isPresent());
    if (random.nextInt(4) > 0) {
      promote(first, plan.fresh());
      world.runFor(random.nextLong(SECOND_NS));
    }
    (first.equals(node) ? peer : node).start();
  }

  private void promote(SimHost host, boolean force) {
    ask(
        host,
        "primary",
        host.primary(force)
            .thenApply(
                verdict -> {
                  if (verdict.ok()) {
                    Load load = new Load(random, host);
                    loads.add(load);
                    load.start(plan.depth());
                  }
                  return verdict;
                }));
  }

  private void ask(SimHost host, String what, CompletionStage<Verdict> answer) {
    trace(host.name() + ": " + what);
    if (host.equals(node)) {
      commands.add(answer.toCompletableFuture());
    }
  }

  private void command(SimHost host) {
    if (host.bitmap().isEmpty()) {
      return;
    }
    switch (random.nextInt(6)) {
      case 0 -> promote(host, random.nextInt(4) == 0);
      case 1 -> ask(host, "secondary", host.secondary());
      case 2 -> ask(host, "disconnect", host.disconnect(random.nextBoolean()));
      default -> connect(host);
    }
  }

  private void connect(SimHost host) {
    if (host.connection().state() == ConnectionState.STANDALONE) {
      trace(host.name() + ": connect: " + host.connect());
    }
  }

  /** Whatever was decided has a reason that a person understands. */
  private void checkReasons() {
    for (Decision decision : node.node().resource("r0").orElseThrow().decisions().all()) {
      if (NO_REASON.matcher(decision.reason()).find()) {
        throw new AssertionError("this is no reason: " + decision);
      }
    }
  }

  private void settle() {
    loads.forEach(Load::stop);
    List<Load> own = loads.stream().filter(load -> load.host().equals(node)).toList();
    runUntil("the end of the connection", () -> !node.isConnected());
    runUntil("the end of all requests", () -> own.stream().allMatch(load -> load.pending() == 0));
    runUntil(
        "the end of all commands", () -> commands.stream().allMatch(CompletableFuture::isDone));
    runUntil("free buffers", () -> node.buffersInUse() <= SimHost.BUFFERS_AT_REST);
  }

  private void welcomeGoodPeer() throws IOException, ToolException {
    peer.renewDrive();
    peer.createFreshMetadata();
    peer.disguise(real -> real);
    peer.start();
    runUntil(
        "a connection with a good peer",
        () -> {
          if (node.bitmap().isPresent()) {
            connect(node);
          }
          return node.isConnected() && peer.isConnected();
        });
    trace("a good peer has connected");
  }

  private void runUntil(String what, BooleanSupplier condition) {
    long endNs = world.nowNs() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (world.nowNs() > endNs) {
        throw new AssertionError("never: " + what);
      }
      world.runFor(LOOK_NS);
    }
  }

  @Override
  public void trace(String what) {
    trace(() -> what);
  }

  private void trace(Supplier<String> what) {
    trace.accept(() -> "%.6f %s".formatted(world.nowNs() / 1e9, what.get()));
  }

  @Override
  public String text() {
    return "%s; %s; %s".formatted(plan, node.text(), peer.text());
  }

  @Override
  public void close() {
    world.close();
    node.close();
    peer.close();
  }
}
