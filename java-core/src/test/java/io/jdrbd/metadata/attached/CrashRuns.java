package io.jdrbd.metadata.attached;

/** Worlds one after the other, by seed, until enough crash points were visited. */
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
    boolean replay = System.getProperty("jdrbd.crash.seed") != null;
    long points = Long.getLong("jdrbd.crash.points", wanted);
    long seed = Long.getLong("jdrbd.crash.seed", 1);
    long visited = 0;
    do {
      CrashWorld world = new CrashWorld(seed);
      for (int life = 0; life < LIVES; life++) {
        world.live(WRITES_PER_LIFE);
      }
      visited += world.points();
      seed++;
    } while (!replay && visited < points);
    System.out.printf("%d crash points, last seed %d, no mark lost%n", visited, seed - 1);
    return visited;
  }
}
