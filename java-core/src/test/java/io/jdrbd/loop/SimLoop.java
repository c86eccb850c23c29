package io.jdrbd.loop;

import java.util.ArrayDeque;
import java.util.PriorityQueue;

/**
 * A loop without a thread: whoever drives it says when the next task runs, and time passes only
 * when nothing else is left. The same calls give the same run, always.
 */
public final class SimLoop implements Loop {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Timed> timers = new PriorityQueue<>();
  private long nowNs;
  private long sequence;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer schedule(long delayNs, Runnable task) {
    Timed timed = new Timed(nowNs + delayNs, sequence++, task);
    timers.add(timed);
    return () -> timers.remove(timed);
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  /** Runs the next task, or lets time pass up to the next timer; false where nothing is left. */
  public boolean step() {
    if (tasks.isEmpty()) {
      Timed next = timers.poll();
      if (next == null) {
        return false;
      }
      nowNs = next.atNs;
      tasks.add(next.task);
    }
    tasks.remove().run();
    return true;
  }

  /** Runs until nothing is left. */
  public void drain() {
    while (step()) {
      // every step is the progress
    }
  }

  private record Timed(long atNs, long sequence, Runnable task) implements Comparable<Timed> {
    @Override
    public int compareTo(Timed other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
