package io.jdrbd.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds a request by the identifier that goes over the wire and comes back (spec 2.6). An
 * identifier is a place in the table and a count of its uses, so that a late answer never meets a
 * later request; it is neither 0 nor all ones. Allocates only to grow.
 */
final class RequestTable<T> {
  private static final int PLACE_BITS = 24;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final long USES_MASK = (1L << (63 - PLACE_BITS)) - 1;
  private static final int CAPACITY_FIRST = 64;

  private final List<Optional<T>> requests = new ArrayList<>();
  private long[] uses = new long[0];
  private int[] free = new int[0];
  private int freeCount;

  RequestTable() {
    grow(CAPACITY_FIRST);
  }

  /**
   * Gives the request an identifier.
   *
   * @param request present
   */
  long add(Optional<T> request) {
    if (freeCount == 0) {
      grow(uses.length * 2);
    }
    int place = free[--freeCount];
    uses[place] = (uses[place] + 1) & USES_MASK;
    requests.set(place, request);
    return uses[place] << PLACE_BITS | (place + 1);
  }

  /** The request with this identifier, while it has it. */
  Optional<T> find(long id) {
    int place = (int) (id & PLACE_MASK) - 1;
    if (place < 0 || place >= uses.length || uses[place] != id >>> PLACE_BITS) {
      return Optional.empty();
    }
    return requests.get(place);
  }

  /** Takes the identifier back. */
  void remove(long id) {
    int place = (int) (id & PLACE_MASK) - 1;
    requests.set(place, Optional.empty());
    free[freeCount++] = place;
  }

  private void grow(int after) {
    int before = uses.length;
    if (after > PLACE_MASK) {
      throw new IllegalStateException(before + " requests are in flight");
    }
    uses = Arrays.copyOf(uses, after);
    free = Arrays.copyOf(free, after);
    for (int place = after - 1; place >= before; place--) {
      requests.add(Optional.empty());
      free[freeCount++] = place;
    }
  }
}
