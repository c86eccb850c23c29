package io.jdrbd.resync;

import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.replication.RangeKind;
import io.jdrbd.replication.RangeUser;
import io.jdrbd.replication.Ranges;
import io.jdrbd.replication.VolumeEvents;
import java.util.function.LongSupplier;

/**
 * One volume on the way to be equal with one peer.
 *
 * @param loop owns everything here
 * @param number of the volume
 * @param disk the local disk
 * @param slot the bitmap for the peer
 * @param ranges of the volume
 * @param peer the peer's index among the holders of ranges
 * @param events is told of failures of the disk
 * @param applicationBytes read and written for applications until now; may begin anew
 */
public record ResyncVolume(
    Loop loop,
    int number,
    BackingDisk disk,
    int slot,
    Ranges ranges,
    int peer,
    VolumeEvents events,
    LongSupplier applicationBytes) {

  /** Asks for a range; see {@link Ranges#acquire}. */
  boolean acquire(RangeUser user, RangeKind kind, long offsetBytes, long lengthBytes) {
    return ranges.acquire(user, kind, peer, offsetBytes, lengthBytes);
  }

  /** Blocks marked for the peer. */
  long marked() {
    return disk.bitmap().weight(slot);
  }

  void setInSync(long offsetBytes, long lengthBytes) {
    disk.setInSync(slot, offsetBytes, lengthBytes);
  }
}
