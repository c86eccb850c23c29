package io.jdrbd.cluster;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Carries effects out one after the other, in the order of the changes that caused them: some have
 * to wait for the disk, and what is said to a peer afterwards must not overtake them.
 */
final class EffectQueue {

  /** Something to be done. */
  @FunctionalInterface
  interface Task {
    /**
     * Does it.
     *
     * @param done to be called once, now or later
     */
    void run(Runnable done);
  }

  private final ArrayDeque<Task> waiting = new ArrayDeque<>();
  private Optional<Task> running = Optional.empty();

  /** Does this after everything that was asked for before. */
  void add(Task task) {
    waiting.add(task);
    next();
  }

  /** The same for what is over when it returns. */
  void addNow(Runnable task) {
    add(
        done -> {
          task.run();
          done.run();
        });
  }

  /** Begins nothing that is asked for from now on, until the gate is opened. */
  Gate gate() {
    Gate gate = new Gate();
    add(gate);
    return gate;
  }

  /** Keeps what comes behind it waiting. */
  static final class Gate implements Task {
    private Optional<Runnable> waiting = Optional.empty();
    private boolean open;

    @Override
    public void run(Runnable done) {
      if (open) {
        done.run();
      } else {
        waiting = Optional.of(done);
      }
    }

    /** What waits goes on. */
    void open() {
      open = true;
      waiting.ifPresent(Runnable::run);
      waiting = Optional.empty();
    }
  }

  private void next() {
    while (running.isEmpty() && !waiting.isEmpty()) {
      Task task = waiting.remove();
      running = Optional.of(task);
      task.run(() -> ended(task));
    }
  }

  private void ended(Task task) {
    if (running.filter(task::equals).isPresent()) {
      running = Optional.empty();
      next();
    }
  }
}
