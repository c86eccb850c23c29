package io.jdrbd.loop;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How a loop waits. To fall asleep and be woken costs more than a fast disk or a client next door
 * takes to answer, so the loop looks for events a little while before it sleeps; but only as long
 * as the last time has shown that waits are short. A loop that has little to do never spins.
 */
final class SpinBeforeSleep implements SelectStrategy {
  /** The most that one wait can cost in vain. */
  static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);

  /** A pause that was not longer, with what the loop did after it, could have been spent awake. */
  static final long SHORT_PAUSE_NS = 2 * SPIN_NS;

  private final LongSupplier clock;
  private boolean spins;
  private boolean slept;

  /** Whether something may have happened since {@link #idleSinceNs}. */
  private boolean busy = true;

  private long idleSinceNs;

  /**
   * @param clock monotonic, in nanoseconds
   */
  SpinBeforeSleep(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Answers how many events are there, perhaps none, or that the loop is to sleep until there is
   * one. The loop comes back after each answer, so tasks from other threads are seen in between.
   */
  @Override
  public int calculateStrategy(IntSupplier eventsNow, boolean hasTasks) throws Exception {
    if (hasTasks) {
      busy = true;
      return eventsNow.get();
    }
    if (busy) {
      becomeIdle();
    }
    if (!spins) {
      return sleep();
    }
    int events = eventsNow.get();
    if (events > 0) {
      busy = true;
      return events;
    }
    if (clock.getAsLong() - idleSinceNs >= SPIN_NS) {
      return sleep();
    }
    Thread.onSpinWait();
    return 0;
  }

  private void becomeIdle() {
    long nowNs = clock.getAsLong();
    if (slept) {
      spins = nowNs - idleSinceNs < SHORT_PAUSE_NS;
      slept = false;
    }
    busy = false;
    idleSinceNs = nowNs;
  }

  private int sleep() {
    slept = true;
    busy = true;
    return SELECT;
  }
}
