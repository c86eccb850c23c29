package io.jdrbd.metadata.attached;

import io.jdrbd.metadata.format.Extents;
import java.util.Arrays;

/**
 * The slots of the active set: which extent each holds, how many users it has, and in which order
 * slots without users were released. Pure bookkeeping; allocates nothing after construction.
 */
final class ExtentSlots {
  static final int NO_SLOT = -1;

  /** In the list of idle slots, stands for both ends. */
  private final int end;

  /** What the slot holds on disk. */
  private final int[] extents;

  /** What the slot is found by: the extent that it holds or is about to hold. */
  private final int[] keys;

  private final int[] users;
  private final boolean[] changing;
  private final int[] older;
  private final int[] newer;
  private final int[] buckets;
  private final int[] nextInBucket;
  private final int[] free;
  private int freeCount;
  private int idleCount;

  ExtentSlots(int count) {
    this.end = count;
    this.extents = new int[count];
    this.keys = new int[count];
    this.users = new int[count];
    this.changing = new boolean[count];
    this.older = new int[count + 1];
    this.newer = new int[count + 1];
    this.buckets = new int[Integer.highestOneBit(count) * 2];
    this.nextInBucket = new int[count];
    this.free = new int[count];
    Arrays.fill(extents, Extents.FREE);
    Arrays.fill(keys, Extents.FREE);
    Arrays.fill(buckets, NO_SLOT);
    older[end] = end;
    newer[end] = end;
    while (freeCount < count) {
      free[freeCount] = freeCount;
      freeCount++;
    }
  }

  int count() {
    return end;
  }

  /** The extent that the slot holds on disk; that of before while a change is being written. */
  int extent(int slot) {
    return extents[slot];
  }

  /** The extent that the slot holds once its change is on disk. */
  int wanted(int slot) {
    return keys[slot];
  }

  /** Whether a change of the slot is not on disk yet. */
  boolean isChanging(int slot) {
    return changing[slot];
  }

  boolean isIdle(int slot) {
    return users[slot] == 0;
  }

  /** Slots that could take another extent now. */
  int available() {
    return freeCount + idleCount;
  }

  /** The slot that an extent has or is about to have, or {@link #NO_SLOT}. */
  int find(int extent) {
    int slot = buckets[bucket(extent)];
    while (slot != NO_SLOT && keys[slot] != extent) {
      slot = nextInBucket[slot];
    }
    return slot;
  }

  /** One more user. */
  void use(int slot) {
    if (users[slot] == 0) {
      unlinkIdle(slot);
    }
    users[slot]++;
  }

  /** One user less; without users the slot becomes the youngest of the idle. */
  void release(int slot) {
    if (users[slot] == 0) {
      throw new IllegalStateException(
          "extent %d is released more often than acquired".formatted(keys[slot]));
    }
    users[slot]--;
    if (users[slot] == 0) {
      linkIdle(slot);
    }
  }

  /**
   * Gives a slot to an extent: a free one, else the one that was idle longest. It has one user and
   * is changing until {@link #commit}.
   */
  int take(int extent) {
    int slot;
    if (freeCount > 0) {
      freeCount--;
      slot = free[freeCount];
    } else {
      slot = newer[end];
      unlinkIdle(slot);
      unlinkKey(slot);
    }
    keys[slot] = extent;
    int bucket = bucket(extent);
    nextInBucket[slot] = buckets[bucket];
    buckets[bucket] = slot;
    users[slot] = 1;
    changing[slot] = true;
    return slot;
  }

  /** The change of a slot is on disk. */
  void commit(int slot) {
    extents[slot] = keys[slot];
    changing[slot] = false;
  }

  private int bucket(int extent) {
    return ((extent * 0x9e3779b9) >>> 8) % buckets.length;
  }

  private void unlinkKey(int slot) {
    int bucket = bucket(keys[slot]);
    if (buckets[bucket] == slot) {
      buckets[bucket] = nextInBucket[slot];
      return;
    }
    int before = buckets[bucket];
    while (nextInBucket[before] != slot) {
      before = nextInBucket[before];
    }
    nextInBucket[before] = nextInBucket[slot];
  }

  private void linkIdle(int slot) {
    int youngest = older[end];
    older[slot] = youngest;
    newer[slot] = end;
    newer[youngest] = slot;
    older[end] = slot;
    idleCount++;
  }

  private void unlinkIdle(int slot) {
    newer[older[slot]] = newer[slot];
    older[newer[slot]] = older[slot];
    idleCount--;
  }
}
