package io.jdrbd.disk.direct;

import io.jdrbd.loop.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

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
  private final int workersMax;
  private final Runnable drain = this::drain;

  private final Object waitingLock = new Object();
  private final JobQueue waiting = new JobQueue();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private int workers;

  /** A worker has been called and has not come to the queue yet. */
  private boolean coming;

  private boolean ending;

  private final Object endedLock = new Object();
  private JobQueue ended = new JobQueue();

  /** Swapped with {@link #ended} by the loop; empty otherwise. */
  private JobQueue draining = new JobQueue();

  /**
   * @param name of the threads, as seen in thread dumps
   * @param workersMax from 1
   */
  DiskThreads(Loop loop, String name, int workersMax) {
    if (workersMax < 1) {
      throw new IllegalArgumentException(
          "disk threads: %d, must be at least 1".formatted(workersMax));
    }
    this.loop = loop;
    this.name = name;
    this.workersMax = workersMax;
  }

  /** Queues a job. */
  void submit(Job job) {
    Optional<Worker> called;
    synchronized (waitingLock) {
      waiting.add(job);
      called = callOne();
    }
    called.ifPresent(Worker::wake);
  }

  /**
   * Chooses who is to come for what waits. With one on its way already there is nothing to do: it
   * calls the next if there is more than it takes. So a burst of requests costs the loop one
   * wake-up only. Called with {@link #waitingLock} held.
   *
   * @return whom the caller has to wake, without the lock
   */
  private Optional<Worker> callOne() {
    if (coming || (idle.isEmpty() && workers == workersMax)) {
      return Optional.empty();
    }
    coming = true;
    if (idle.isEmpty()) {
      workers++;
      return new Worker().present;
    }
    Worker worker = idle.pop();
    worker.called = true;
    return worker.present;
  }

  /** Lets the threads end once the queue is empty. Nothing may be submitted any more. */
  void end() {
    List<Worker> sleeping;
    synchronized (waitingLock) {
      ending = true;
      sleeping = List.copyOf(idle);
      idle.clear();
      sleeping.forEach(worker -> worker.called = true);
    }
    sleeping.forEach(Worker::wake);
  }

  /** A thread, which takes jobs as long as there are any and then sleeps until it is called. */
  private final class Worker implements Runnable {
    private final Thread thread = new Thread(null, this, name, STACK_BYTES);
    private final Optional<Worker> present = Optional.of(this);

    /** Set by who calls it, with the lock; cleared by itself when it has come. */
    private volatile boolean called = true;

    Worker() {
      thread.setDaemon(true);
    }

    void wake() {
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      } else {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      for (Job job = next(); !job.equals(Job.NONE); job = next()) {
        job.run();
        handBack(job);
      }
    }

    private Job next() {
      while (true) {
        Job job;
        Optional<Worker> follower;
        boolean sleeps;
        synchronized (waitingLock) {
          arrive();
          job = waiting.poll();
          follower = waiting.isEmpty() ? Optional.empty() : callOne();
          sleeps = job.equals(Job.NONE) && !ending;
          if (sleeps) {
            idle.push(this);
          }
        }
        follower.ifPresent(Worker::wake);
        if (!sleeps) {
          return job;
        }
        sleep();
      }
    }

    private void arrive() {
      if (called) {
        called = false;
        coming = false;
      }
    }

    private void sleep() {
      while (!called) {
        LockSupport.park(this);
      }
    }
  }

  private void handBack(Job job) {
    boolean first;
    synchronized (endedLock) {
      first = ended.isEmpty();
      ended.add(job);
    }
    if (first) {
      wakeLoop();
    }
  }

  private void wakeLoop() {
    try {
      loop.execute(drain);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.ERROR, "{0}: the loop ended before its disk was closed; requests hang", name);
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
