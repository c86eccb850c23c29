package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Loses power after every single disk operation of many random lives, and looks whether a mark or a
 * write was lost. A failure prints the seed; {@code -Djdrbd.crash.seed=N} replays that world alone.
 */
class CrashSafetyTest {
  private static final long POINTS = Long.getLong("jdrbd.crash.points", 100_000);
  private static final int LIVES = 4;
  private static final int WRITES_PER_LIFE = 60;

  @Test
  void noCrashLosesAMark() throws Exception {
    long seed = Long.getLong("jdrbd.crash.seed", 1);
    boolean replay = System.getProperty("jdrbd.crash.seed") != null;
    long points = 0;
    do {
      CrashWorld world = new CrashWorld(seed);
      for (int life = 0; life < LIVES; life++) {
        world.live(WRITES_PER_LIFE);
      }
      points += world.points();
      seed++;
    } while (!replay && points < POINTS);
    System.out.printf("%d crash points in %d worlds, no mark lost%n", points, seed - 1);
    assertThat(points).isPositive();
  }
}
