package io.jdrbd.replication;

import io.jdrbd.metadata.attached.BackingDisk;
import java.util.List;
import java.util.OptionalInt;

/** The marks in the bitmaps of the local disk that writes set and take away (spec 2.15). */
final class WriteMarks {
  private final List<Replica> replicas;

  /**
   * @param replicas the peers of the volume, as they are at any time
   */
  WriteMarks(List<Replica> replicas) {
    this.replicas = replicas;
  }

  /** Whoever does not get the data of an admitted write now has to get it some day. */
  void admitted(Write write, BackingDisk disk) {
    for (int slot = 0; slot < disk.bitmap().slots(); slot++) {
      if (flagsOfSlot(write, slot) == 0) {
        write.markIn(slot);
      }
    }
  }

  /**
   * Changes the marks of a settled write in every bitmap. A mark that was set when it was admitted
   * is left alone: a resync may have brought the data to the peer meanwhile.
   */
  void settled(Write write, BackingDisk disk, boolean locallyOk) {
    for (int slot = 0; slot < disk.bitmap().slots(); slot++) {
      int flags = flagsOfSlot(write, slot);
      boolean known = locallyOk && write.isMarkedIn(slot);
      if (!locallyOk || (!Copy.isOk(flags) && !known)) {
        disk.setOutOfSync(slot, write.offsetBytes(), write.lengthBytes());
      } else if (!known && Copy.isInSync(flags)) {
        disk.setInSync(slot, write.offsetBytes(), write.lengthBytes());
      }
    }
  }

  /** The slot of a peer, by the peer's place in every write's copies. */
  OptionalInt slotOf(int peer) {
    for (Replica replica : replicas) {
      if (replica.peer().index() == peer) {
        return replica.slot();
      }
    }
    return OptionalInt.empty();
  }

  private int flagsOfSlot(Write write, int slot) {
    for (Replica replica : replicas) {
      if (replica.slot().isPresent() && replica.slot().getAsInt() == slot) {
        return write.flags(replica.peer().index());
      }
    }
    return 0;
  }
}
