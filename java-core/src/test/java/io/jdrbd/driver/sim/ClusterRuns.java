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
import java.util.stream.LongStream;

/**
 * Many runs, one for each seed. A node that crashes gives nothing back, so that nobody looks for
 * buffers that leak.
 */
final class ClusterRuns {
  private static final Logger LOG = Logger.getLogger("io.jdrbd");

  private ClusterRuns() {}

  /**
   * Runs seeds from {@code -Djdrbd.sim.first} (0 unless set); {@code -Djdrbd.sim.seed=N} runs that
   * alone and prints what happens.
   *
   * @param wanted how many, unless {@code -Djdrbd.sim.seeds=N} says otherwise
   */
  static void run(long wanted) {
    Long replay = Long.getLong("jdrbd.sim.seed");
    if (replay != null) {
      replay(replay);
      return;
    }
    long first = Long.getLong("jdrbd.sim.first", 0);
    long count = Long.getLong("jdrbd.sim.seeds", wanted);
    Level before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
    ResourceLeakDetector.Level leaks = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    AtomicLong failures = new AtomicLong();
    Queue<String> texts = new ConcurrentLinkedQueue<>();
    long began = System.nanoTime();
    try {
      LongStream.range(first, first + count)
          .parallel()
          .forEach(
              seed -> {
                try {
                  runOne(seed);
                } catch (AssertionError failure) {
                  if (failures.incrementAndGet() <= 20) {
                    texts.add(failure.getMessage());
                  }
                }
              });
    } finally {
      LOG.setLevel(before);
      ResourceLeakDetector.setLevel(leaks);
    }
    System.out.printf(
        "%d runs from seed %d in %.1f s, %d failed%n",
        count, first, (System.nanoTime() - began) / 1e9, failures.get());
    if (failures.get() > 0) {
      throw new AssertionError(
          failures + " of " + count + " seeds failed:\n" + String.join("\n", texts));
    }
  }

  private static void runOne(long seed) {
    try (ClusterSimulation run = new ClusterSimulation(seed, line -> {})) {
      try {
        run.run();
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(
            "seed %d (replay with -Djdrbd.sim.seed=%d): %s [%s]"
                .formatted(seed, seed, failure.getMessage(), run.text()),
            failure);
      }
    }
  }

  private static void replay(long seed) {
    try (ClusterSimulation run = new ClusterSimulation(seed, line -> System.out.println(line))) {
      Handler printer = new Printer(run);
      LOG.addHandler(printer);
      LOG.setUseParentHandlers(false);
      LOG.setLevel(Level.ALL);
      printer.setLevel(Level.ALL);
      try {
        run.run();
      } catch (Exception | AssertionError failure) {
        System.out.println(run.reasons());
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
    private final ClusterSimulation run;

    Printer(ClusterSimulation run) {
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
