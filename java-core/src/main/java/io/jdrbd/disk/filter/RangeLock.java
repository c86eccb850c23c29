package io.jdrbd.disk.filter;

/**
 * Keeps changes of overlapping ranges apart. Any number may hold a range shared, or one may hold it
 * exclusively. Fair: nobody overtakes one who waits for the same bytes. Does not block: whoever
 * waits is called. All on one loop.
 */
final class RangeLock {

  /** One who asks for a range; may be used again after its release. */
  abstract static class Holder {
    private long start;
    private long end;
    private boolean exclusive;
    private Holder previous = this;
    private Holder next = this;

    /** The range is held from now on; may release it or acquire others. */
    abstract void granted();

    private boolean excludes(Holder other) {
      return (exclusive || other.exclusive) && start < other.end && other.start < end;
    }

    private void insertBefore(Holder place) {
      previous = place.previous;
      next = place;
      previous.next = this;
      place.previous = this;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      previous = this;
      next = this;
    }
  }

  /** The head of a ring. */
  private static final class Ring extends Holder {
    @Override
    void granted() {
      throw new IllegalStateException("the head of a list holds nothing");
    }
  }

  private final Holder held = new Ring();
  private final Holder waiting = new Ring();

  /** Exclusive holders, held or waiting; while there are none nothing has to be compared. */
  private int exclusives;

  /**
   * Asks for a range; {@link Holder#granted} is called now or later.
   *
   * @param holder holds nothing and waits for nothing
   * @param exclusive whether nobody else may hold any byte of it
   */
  void acquire(Holder holder, long offsetBytes, long lengthBytes, boolean exclusive) {
    holder.start = offsetBytes;
    holder.end = offsetBytes + lengthBytes;
    holder.exclusive = exclusive;
    if (exclusive) {
      exclusives++;
    }
    holder.insertBefore(waiting);
    if (exclusives == 0 || isFree(holder)) {
      grant(holder);
    }
  }

  /** Gives a held range up; those who waited for it are called. */
  void release(Holder holder) {
    holder.unlink();
    if (holder.exclusive) {
      exclusives--;
    }
    // A granted one may change both lists, so that the search begins anew.
    for (Holder next = firstFree(); !isHead(next); next = firstFree()) {
      grant(next);
    }
  }

  boolean isIdle() {
    return isHead(held.next) && isHead(waiting.next);
  }

  private void grant(Holder holder) {
    holder.unlink();
    holder.insertBefore(held);
    holder.granted();
  }

  private Holder firstFree() {
    Holder candidate = waiting.next;
    while (!isHead(candidate) && !isFree(candidate)) {
      candidate = candidate.next;
    }
    return candidate;
  }

  /** Whether neither a holder nor an earlier one who waits is in the way. */
  private boolean isFree(Holder candidate) {
    for (Holder holder = held.next; !isHead(holder); holder = holder.next) {
      if (holder.excludes(candidate)) {
        return false;
      }
    }
    for (Holder earlier = waiting.next; !earlier.equals(candidate); earlier = earlier.next) {
      if (earlier.excludes(candidate)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHead(Holder holder) {
    return holder instanceof Ring;
  }
}
