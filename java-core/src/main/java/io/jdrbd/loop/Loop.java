package io.jdrbd.loop;

import java.util.concurrent.Executor;

/**
 * One thread that owns the state of a resource: disk completions, packets, requests, timers and
 * commands all arrive as events on it. Nothing that runs on it may block.
 */
public interface Loop extends Executor {

  /** Runs the task on the loop, after what is queued already. May be called on any thread. */
  @Override
  void execute(Runnable task);

  /**
   * Runs the task on the loop once the delay has passed. May be called on any thread.
   *
   * @param delayNs nanoseconds from now, not negative
   * @return a handle with which to cancel
   */
  Timer schedule(long delayNs, Runnable task);

  /** Monotonic time in nanoseconds; its origin has no meaning. */
  long nanoTime();

  /** Whether the calling thread is the loop's own. */
  boolean inLoop();

  /** A task that waits for its time. */
  interface Timer {
    /** Prevents the task from running if it has not started. May be called more than once. */
    void cancel();
  }
}
