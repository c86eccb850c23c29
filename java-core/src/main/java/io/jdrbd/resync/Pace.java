package io.jdrbd.resync;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How fast a resync goes: eight marks of time and of what was left, each at least three seconds
 * after the one before (spec 6.19). Not thread-safe.
 */
final class Pace {
  private static final int MARKS = 8;
  private static final long STEP_NS = TimeUnit.SECONDS.toNanos(3);

  /** Back from the last mark: some 18 s, and the one before the last. */
  private static final int OLDER = 6;

  private static final int YOUNGER = 1;
  private static final int KIB_PER_BLOCK = 4;

  private final long startedNs;
  private final long totalBlocks;
  private final long[] markedAtNs = new long[MARKS];
  private final long[] blocksLeft = new long[MARKS];
  private int last;
  private long pausedNs;
  private long pausedSinceNs;
  private boolean paused;

  Pace(long nowNs, long totalBlocks) {
    this.startedNs = nowNs;
    this.totalBlocks = totalBlocks;
    for (int mark = 0; mark < MARKS; mark++) {
      markedAtNs[mark] = nowNs;
      blocksLeft[mark] = totalBlocks;
    }
  }

  /** Something was done. */
  void goesOn(long nowNs, long left) {
    if (!paused && left != blocksLeft[last] && nowNs - markedAtNs[last] >= STEP_NS) {
      last = (last + 1) % MARKS;
      markedAtNs[last] = nowNs;
      blocksLeft[last] = left;
    }
  }

  void pause(long nowNs) {
    if (!paused) {
      paused = true;
      pausedSinceNs = nowNs;
    }
  }

  void resume(long nowNs) {
    if (paused) {
      paused = false;
      pausedNs += nowNs - pausedSinceNs;
    }
  }

  /** All figures at this moment; the total is never less than what is left. */
  Progress progress(long nowNs, long left, long failed) {
    return new Progress(
        Math.max(totalBlocks, left),
        left,
        failed,
        nowNs - startedNs,
        pausedNs + (paused ? nowNs - pausedSinceNs : 0),
        since(OLDER, nowNs, left),
        since(YOUNGER, nowNs, left),
        0,
        0,
        Optional.empty());
  }

  /** How fast it goes, in KiB/s: since 3 to 6 s ago, or since it began. */
  long speedKib(long nowNs, long left) {
    Progress.Mark mark = since(YOUNGER, nowNs, left);
    return mark.blocks()
        * KIB_PER_BLOCK
        / Math.max(1, TimeUnit.NANOSECONDS.toSeconds(mark.agoNs()));
  }

  private Progress.Mark since(int back, long nowNs, long left) {
    int mark = Math.floorMod(last - back, MARKS);
    return new Progress.Mark(nowNs - markedAtNs[mark], blocksLeft[mark] - left);
  }
}
