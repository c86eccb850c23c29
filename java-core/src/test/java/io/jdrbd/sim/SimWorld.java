package io.jdrbd.sim;

import io.jdrbd.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Everything that happens, in an order that the seed decides: tasks of one node run in the order in
 * which they were queued, those of different nodes mixed, and time passes only when no task is
 * left. Used on one thread.
 *
 * <p>An exception of a task ends the run, with the seed in its message.
 */
public final class SimWorld implements AutoCloseable {
  /** More than that in one run is a mistake: something turns in circles. */
  private static final long STEPS_MAX = 50_000_000;

  private final long seed;
  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<NodeLoop> ready = new ArrayList<>();
  private final NodeLoop hardware;
  private final SimNetwork network;
  private final List<SimNode> nodes = new ArrayList<>();
  private Consumer<Loop> afterEachTask = loop -> {};
  private String running = "nobody";
  private long nowNs;
  private long sequence;
  private long steps;
  private long fingerprint = 0xcbf29ce484222325L;

  /** An empty world. */
  public SimWorld(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.hardware = new NodeLoop(this, "hardware");
    this.network = new SimNetwork(this);
  }

  /** What decides everything. */
  public long seed() {
    return seed;
  }

  /** The dice of this run; whoever wants to decide something by chance uses these. */
  public Random random() {
    return random;
  }

  /** How the nodes reach each other. */
  public SimNetwork network() {
    return network;
  }

  /** A loop that no crash ends: disks and wires, and the test's own plans. */
  public Loop hardware() {
    return hardware;
  }

  /**
   * A machine that is switched off.
   *
   * @param ips its addresses: {@code 10.0.0.1}
   */
  public SimNode node(String name, String... ips) {
    SimNode node = new SimNode(this, name, List.of(ips));
    nodes.add(node);
    return node;
  }

  /** Virtual time since the beginning, in nanoseconds. */
  public long nowNs() {
    return nowNs;
  }

  /** Whose task runs: {@code alpha#2} in alpha's second life. */
  public String running() {
    return running;
  }

  /** What has happened so far, in one number: equal for equal runs. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Makes something part of what has happened. */
  public void note(long value) {
    fingerprint = (fingerprint ^ value) * 0x100000001b3L;
  }

  /** From now on this is called after each task of a node, with the loop of that node's life. */
  public void afterEachTask(Consumer<Loop> look) {
    afterEachTask = look;
  }

  /**
   * Runs until the condition is met.
   *
   * @param maxNs virtual time from now
   * @return whether it was met
   */
  public boolean runUntil(BooleanSupplier condition, long maxNs) {
    long endNs = nowNs + maxNs;
    while (!condition.getAsBoolean()) {
      if (!step(endNs)) {
        return false;
      }
    }
    return true;
  }

  /** Lets this much virtual time pass. */
  public void runFor(long ns) {
    long endNs = nowNs + ns;
    boolean more = true;
    while (more) {
      more = step(endNs);
    }
    nowNs = endNs;
  }

  /** Ends the lives of all nodes. */
  @Override
  public void close() {
    nodes.forEach(SimNode::powerOff);
  }

  Loop.Timer schedule(NodeLoop loop, long delayNs, Runnable task) {
    Event event = new Event(nowNs + Math.max(0, delayNs), sequence, loop, task);
    sequence++;
    events.add(event);
    return () -> event.cancelled = true;
  }

  void becomesReady(NodeLoop loop) {
    ready.add(loop);
  }

  /** One task, or the passing of time up to the next event; false where there is none. */
  private boolean step(long endNs) {
    if (ready.isEmpty()) {
      return passTime(endNs);
    }
    steps++;
    if (steps > STEPS_MAX) {
      throw new AssertionError("%s: %d steps".formatted(where(), steps));
    }
    int chosen = ready.size() == 1 ? 0 : random.nextInt(ready.size());
    NodeLoop loop = ready.get(chosen);
    running = loop.name();
    try {
      loop.runOne();
      if (loop != hardware) {
        afterEachTask.accept(loop);
      }
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError(
          "%s, on %s: %s".formatted(where(), loop.name(), failure.getMessage()), failure);
    }
    if (!loop.isReady()) {
      ready.remove(loop);
    }
    return true;
  }

  /** How long nothing at all will happen; {@link Long#MAX_VALUE} if for ever. */
  public long idleNs() {
    if (!ready.isEmpty()) {
      return 0;
    }
    Event next = next();
    return next == null ? Long.MAX_VALUE : next.atNs - nowNs;
  }

  private Event next() {
    Event next = events.peek();
    while (next != null && next.cancelled) {
      events.remove();
      next = events.peek();
    }
    return next;
  }

  private boolean passTime(long endNs) {
    Event next = next();
    if (next == null || next.atNs > endNs) {
      return false;
    }
    events.remove();
    nowNs = next.atNs;
    note(nowNs);
    next.loop.execute(next.task);
    return true;
  }

  private String where() {
    return "seed %d, at %.6f s".formatted(seed, nowNs / 1e9);
  }

  private static final class Event implements Comparable<Event> {
    private final long atNs;
    private final long sequence;
    private final NodeLoop loop;
    private final Runnable task;
    private boolean cancelled;

    Event(long atNs, long sequence, NodeLoop loop, Runnable task) {
      this.atNs = atNs;
      this.sequence = sequence;
      this.loop = loop;
      this.task = task;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
