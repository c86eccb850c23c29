package io.jdrbd.replication;

import io.jdrbd.disk.DiskRequest;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Where requests of applications wait before they begin: as long as somebody holds them, and for
 * what has to be done before the next write (spec 2.12.1, 2.18, 3.5.3). On the loop.
 */
public final class Entrance {
  private final Consumer<DiskRequest> enter;
  private final ArrayDeque<DiskRequest> requests = new ArrayDeque<>();
  private final ArrayDeque<Write> writes = new ArrayDeque<>();
  private Optional<Runnable> beforeNextWrite = Optional.empty();
  private int holds;

  /**
   * @param enter what becomes of a request that has waited
   */
  Entrance(Consumer<DiskRequest> enter) {
    this.enter = enter;
  }

  /** Requests wait from now on; ends with as many calls of {@link #release}. */
  public void hold() {
    holds++;
  }

  /** Ends one {@link #hold}; with the last, what waited goes on. */
  public void release() {
    holds--;
    letGo(writes, Write::begin);
    letGo(requests, enter);
  }

  /**
   * Lets each of those that wait go on once; any of them may make the others wait again, or let
   * them go on itself.
   */
  private <T> void letGo(Queue<T> queue, Consumer<T> goOn) {
    for (int waiting = queue.size(); waiting > 0 && holds == 0 && !queue.isEmpty(); waiting--) {
      goOn.accept(queue.remove());
    }
  }

  /**
   * The next write waits until this was done: it is called once, when a write comes, and requests
   * are held until {@link #release} is called for it.
   */
  public void beforeNextWrite(Runnable first) {
    beforeNextWrite = Optional.of(first);
  }

  /** Nothing has to be done before the next write any more. */
  public void nothingBeforeNextWrite() {
    beforeNextWrite = Optional.empty();
  }

  boolean isHeld() {
    return holds > 0;
  }

  /** A request waits until nobody holds it. */
  void add(DiskRequest request) {
    requests.add(request);
  }

  /** A piece of a write that was on its way already does. */
  void add(Write write) {
    writes.add(write);
  }

  /** Whether a write waits because something has to be done first, which begins. */
  boolean waitsForFirst(DiskRequest write) {
    boolean waits = beforeNextWrite.isPresent();
    if (waits) {
      requests.add(write);
      doFirst();
    }
    return waits;
  }

  /**
   * Whether a write may be admitted now. One that has waited for its range or extents may find that
   * something has to be done first.
   */
  boolean mayAdmit() {
    if (beforeNextWrite.isPresent()) {
      doFirst();
    }
    return holds == 0;
  }

  private void doFirst() {
    Runnable first = beforeNextWrite.orElseThrow();
    beforeNextWrite = Optional.empty();
    hold();
    first.run();
  }
}
