package io.jdrbd.metadata.format;

import io.jdrbd.metadata.format.AlBlock.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads an activity log back after a crash (spec 5.6.9). */
public final class AlReplay {
  private static final int SLOTS = 65534;
  private static final int SLOT_UNUSED = 0xffff;

  private final AlBlock[] ring;
  private final Kind[] kinds;
  private final int[] extentOfSlot = new int[SLOTS];

  private AlReplay(ByteBuffer log, AlGeometry geometry) {
    this.ring = new AlBlock[geometry.blocks()];
    this.kinds = new Kind[geometry.blocks()];
    for (int turn = 0; turn < ring.length; turn++) {
      int at = geometry.blockOf(turn) * AlBlock.BYTES;
      ring[turn] = new AlBlock(log.slice(at, AlBlock.BYTES));
      kinds[turn] = ring[turn].kind();
    }
    Arrays.fill(extentOfSlot, Extents.FREE);
  }

  /**
   * Reconstructs the active set.
   *
   * @param log the whole ring, {@code geometry.sizeBytes()} from index 0 on; left as it is
   */
  public static ActiveSet read(ByteBuffer log, AlGeometry geometry) {
    return new AlReplay(log, geometry).activeSet();
  }

  private ActiveSet activeSet() {
    int updates = count(Kind.UPDATE);
    int invalid = count(Kind.INVALID);
    if (updates > 0) {
      return replay();
    }
    if (invalid == ring.length) {
      return new ActiveSet.Unusable(
          "none of the %d blocks of the activity log is valid".formatted(ring.length), false);
    }
    boolean firstWriteTorn = invalid == 1 && kinds[0] == Kind.INVALID;
    if (invalid > 0 && !firstWriteTorn) {
      return new ActiveSet.Unusable(
          "%d of the %d blocks of the activity log are not valid and none of the others is a transaction"
              .formatted(invalid, ring.length),
          true);
    }
    return new ActiveSet.Empty();
  }

  private ActiveSet replay() {
    int oldest = -1;
    int newest = -1;
    for (int turn = 0; turn < ring.length; turn++) {
      if (kinds[turn] == Kind.UPDATE) {
        oldest = oldest < 0 || isBefore(turn, oldest) ? turn : oldest;
        newest = newest < 0 || isBefore(newest, turn) ? turn : newest;
      }
    }
    for (int turn = oldest; ; turn = (turn + 1) % ring.length) {
      if (kinds[turn] == Kind.UPDATE) {
        apply(ring[turn]);
      }
      if (turn == newest) {
        return new ActiveSet.Active(extents());
      }
    }
  }

  /** Numbers wrap: the sign of their difference decides. */
  private boolean isBefore(int turn, int other) {
    return ring[turn].number() - ring[other].number() < 0;
  }

  private void apply(AlBlock transaction) {
    for (int index = 0; index < AlGeometry.CONTEXT_PER_TRANSACTION; index++) {
      int slot = transaction.contextStart() + index;
      int extent = transaction.context(index);
      boolean unused = extent == Extents.FREE && slot >= transaction.contextSize();
      if (!unused && slot < SLOTS) {
        extentOfSlot[slot] = extent;
      }
    }
    for (int index = 0; index < AlGeometry.UPDATES_PER_TRANSACTION; index++) {
      int slot = transaction.updateSlot(index);
      boolean unused = index >= transaction.updates() && slot == SLOT_UNUSED;
      if (!unused && slot < SLOTS) {
        extentOfSlot[slot] = transaction.updateExtent(index);
      }
    }
  }

  private List<Integer> extents() {
    List<Integer> found = new ArrayList<>();
    for (int extent : extentOfSlot) {
      if (extent != Extents.FREE) {
        found.add(extent);
      }
    }
    return found.stream().distinct().sorted(Integer::compareUnsigned).toList();
  }

  private int count(Kind kind) {
    int found = 0;
    for (Kind each : kinds) {
      found += each == kind ? 1 : 0;
    }
    return found;
  }
}
