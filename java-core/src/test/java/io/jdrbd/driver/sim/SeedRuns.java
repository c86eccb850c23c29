package io.jdrbd.driver.sim;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;

/**
 * Many runs, one for each seed, on all processors. A node that crashes gives nothing back, so that
 * nobody looks for buffers that leak.
 *
 * <p>{@code -Djdrbd.sim.first=N} begins at that seed; {@code -Djdrbd.sim.seeds=N} takes so many,
 * and 0 does not end until it is stopped; {@code -Djdrbd.sim.seed=N} runs that alone and prints
 * what happens.
 */
final class SeedRuns {
  private static final Logger LOG = Logger.getLogger("io.jdrbd");
  private static final int TEXTS_MAX = 20;
  private static final long PROGRESS_SEEDS = 1_000;

  private final SimRun.Factory factory;
  private final long first = Long.getLong("jdrbd.sim.first", 0);
  private final long end;
  private final AtomicLong next = new AtomicLong(first);
  private final AtomicLong failures = new AtomicLong();
  private final Queue<String> texts = new ConcurrentLinkedQueue<>();

  private SeedRuns(SimRun.Factory factory, long count) {
    this.factory = factory;
    this.end = count == 0 ? Long.MAX_VALUE : first + count;
  }

  /**
   * Runs seeds.
   *
   * @param wanted how many, unless a property says otherwise
   * @throws AssertionError one has failed
   */
  static void run(long wanted, SimRun.Factory factory) {
    Long replay = Long.getLong("jdrbd.sim.seed");
    if (replay != null) {
      replay(replay, factory);
    } else {
      new SeedRuns(factory, Long.getLong("jdrbd.sim.seeds", wanted)).all();
    }
  }

  private void all() {
    Level before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
    ResourceLeakDetector.Level leaks = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    long began = System.nanoTime();
    try {
      IntStream.range(0, Runtime.getRuntime().availableProcessors())
          .parallel()
          .forEach(worker -> work());
    } finally {
      LOG.setLevel(before);
      ResourceLeakDetector.setLevel(leaks);
    }
    System.out.printf(
        "%d runs from seed %d in %.1f s, %d failed%n",
        end - first, first, (System.nanoTime() - began) / 1e9, failures.get());
    if (failures.get() > 0) {
      throw new AssertionError(
          failures + " of " + (end - first) + " seeds failed:\n" + String.join("\n", texts));
    }
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      if (seed > first && (seed - first) % PROGRESS_SEEDS == 0) {
        System.out.printf("%d runs, %d failed%n", seed - first, failures.get());
      }
      runOne(seed);
    }
  }

  private void runOne(long seed) {
    try (SimRun run = factory.create(seed, line -> {})) {
      try {
        run.run();
      } catch (Exception | AssertionError failure) {
        tell(
            "seed %d (replay with -Djdrbd.sim.seed=%d): %s [%s]"
                .formatted(seed, seed, failure.getMessage(), run.text()));
      }
    }
  }

  private void tell(String text) {
    if (failures.incrementAndGet() <= TEXTS_MAX) {
      texts.add(text);
    }
    System.out.println(text);
  }

  private static void replay(long seed, SimRun.Factory factory) {
    try (SimRun run = factory.create(seed, line -> System.out.println(line.get()))) {
      Handler printer = new Printer(run);
      LOG.addHandler(printer);
      LOG.setUseParentHandlers(false);
      LOG.setLevel(Level.ALL);
      printer.setLevel(Level.ALL);
      try {
        run.run();
      } catch (Exception | AssertionError failure) {
        run.hosts().forEach(host -> System.out.println(host.reasons()));
        run.hosts().stream()
            .flatMap(host -> host.bufferTraces().stream())
            .forEach(buffer -> buffer.printStackTrace(System.out));
        throw new AssertionError(
            "seed %d: %s [%s]".formatted(seed, failure.getMessage(), run.text()), failure);
      } finally {
        LOG.removeHandler(printer);
      }
    }
  }

  /** Prints the nodes' logs with the world's time. */
  private static final class Printer extends Handler {
    private final SimRun run;

    Printer(SimRun run) {
      this.run = run;
    }

    @Override
    public void publish(LogRecord record) {
      run.trace("  " + run.world().running() + " " + new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
