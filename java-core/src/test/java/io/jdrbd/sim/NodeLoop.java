package io.jdrbd.sim;

import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;

/** The loop of one life of a node: when it ends, so does everything that was queued on it. */
public final class NodeLoop implements Loop {
  private final SimWorld world;
  private final String name;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;
  private boolean ended;

  NodeLoop(SimWorld world, String name) {
    this.world = world;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether the life that it belongs to is over. */
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public void execute(Runnable task) {
    if (ended) {
      return;
    }
    if (tasks.isEmpty() && !running) {
      world.becomesReady(this);
    }
    tasks.add(task);
  }

  @Override
  public Timer schedule(long delayNs, Runnable task) {
    return world.schedule(this, delayNs, task);
  }

  @Override
  public long nanoTime() {
    return world.nowNs();
  }

  @Override
  public boolean inLoop() {
    return running;
  }

  boolean isReady() {
    return !tasks.isEmpty();
  }

  void runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return;
    }
    running = true;
    try {
      task.run();
    } finally {
      running = false;
    }
  }

  /** Nothing of it runs any more. */
  void end() {
    ended = true;
    tasks.clear();
  }
}
