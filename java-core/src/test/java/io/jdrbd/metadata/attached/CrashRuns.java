package io.jdrbd.metadata.attached;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Worlds by seed, one on each processor at a time, until enough crash points were visited. */
final class CrashRuns {
  private static final int LIVES = 4;
  private static final int WRITES_PER_LIFE = 60;

  private CrashRuns() {}

  /**
   * Visits crash points; {@code -Djdrbd.crash.seed=N} visits those of world N alone.
   *
   * @param wanted how many, unless {@code -Djdrbd.crash.points=N} says otherwise
   * @return how many were visited
   */
  static long visit(long wanted) throws Exception {
    Long replay = Long.getLong("jdrbd.crash.seed");
    if (replay != null) {
      return visitWorld(replay);
    }
    long points = Long.getLong("jdrbd.crash.points", wanted);
    AtomicLong visited = new AtomicLong();
    AtomicLong seeds = new AtomicLong();
    Callable<Boolean> worker =
        () -> {
          while (visited.get() < points) {
            visited.addAndGet(visitWorld(seeds.incrementAndGet()));
          }
          return true;
        };
    int workers = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      for (Future<Boolean> end : pool.invokeAll(Collections.nCopies(workers, worker))) {
        end.get();
      }
    }
    System.out.printf("%d crash points, last seed %d, no mark lost%n", visited.get(), seeds.get());
    return visited.get();
  }

  private static long visitWorld(long seed) throws Exception {
    CrashWorld world = new CrashWorld(seed);
    for (int life = 0; life < LIVES; life++) {
      world.live(WRITES_PER_LIFE);
    }
    return world.points();
  }
}
