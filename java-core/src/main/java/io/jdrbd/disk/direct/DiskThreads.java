package io.jdrbd.disk.direct;

import io.jdrbd.loop.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A few threads that do blocking work in the order in which it came, and hand it back to the loop.
 * Work that ends together costs the loop one wake-up. Threads are started as they are needed.
 *
 * <p>The queue links the jobs themselves. It grows only as far as callers have jobs: each belongs
 * to a request that already holds its buffer, and the buffer pool is what bounds those.
 */
final class DiskThreads {
  private static final Logger LOG = System.getLogger(DiskThreads.class.getName());
  private static final long STACK_BYTES = 256 * 1024;

  private final Loop loop;
  private final String name;
  private final int threadsMax;
  private final Runnable drain = this::drain;

  private final Object waitingLock = new Object();
  private final JobQueue waiting = new JobQueue();
  private int threads;

  /** Threads that wait and have not been woken yet. */
  private int idle;

  /** Threads that have been woken and do not run yet. */
  private int woken;

  private boolean ending;

  private final Object endedLock = new Object();
  private JobQueue ended = new JobQueue();

  /** Swapped with {@link #ended} by the loop; empty otherwise. */
  private JobQueue draining = new JobQueue();

  /**
   * @param name of the threads, as seen in thread dumps
   * @param threadsMax from 1
   */
  DiskThreads(Loop loop, String name, int threadsMax) {
    if (threadsMax < 1) {
      throw new IllegalArgumentException(
          "disk threads: %d, must be at least 1".formatted(threadsMax));
    }
    this.loop = loop;
    this.name = name;
    this.threadsMax = threadsMax;
  }

  /** Queues a job. */
  void submit(Job job) {
    boolean start = false;
    synchronized (waitingLock) {
      waiting.add(job);
      if (idle > 0) {
        idle--;
        woken++;
        waitingLock.notify();
      } else if (threads < threadsMax) {
        threads++;
        start = true;
      }
    }
    if (start) {
      Thread thread = new Thread(null, this::work, name, STACK_BYTES);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Lets the threads end once the queue is empty. Nothing may be submitted any more. */
  void end() {
    synchronized (waitingLock) {
      ending = true;
      waitingLock.notifyAll();
    }
  }

  private void work() {
    for (Job job = next(); !job.equals(Job.NONE); job = next()) {
      job.run();
      handBack(job);
    }
  }

  private Job next() {
    synchronized (waitingLock) {
      while (waiting.isEmpty() && !ending) {
        awaitWork();
      }
      return waiting.poll();
    }
  }

  /** Called with {@link #waitingLock} held. */
  private void awaitWork() {
    idle++;
    while (woken == 0 && !ending) {
      try {
        waitingLock.wait();
      } catch (InterruptedException e) {
        LOG.log(Level.WARNING, "{0}: interrupted, which nothing here asks for; goes on", name);
      }
    }
    woken = Math.max(0, woken - 1);
  }

  private void handBack(Job job) {
    boolean first;
    synchronized (endedLock) {
      first = ended.isEmpty();
      ended.add(job);
    }
    if (first) {
      loop.execute(drain);
    }
  }

  private void drain() {
    JobQueue batch;
    synchronized (endedLock) {
      batch = ended;
      ended = draining;
      draining = batch;
    }
    for (Job job = batch.poll(); !job.equals(Job.NONE); job = batch.poll()) {
      try {
        job.end();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, name + ": the end of a request failed; this is a bug", e);
      }
    }
  }
}
