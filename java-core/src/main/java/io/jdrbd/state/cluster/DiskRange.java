package io.jdrbd.state.cluster;

import static io.jdrbd.state.DiskState.CONSISTENT;
import static io.jdrbd.state.DiskState.DISKLESS;
import static io.jdrbd.state.DiskState.D_UNKNOWN;
import static io.jdrbd.state.DiskState.INCONSISTENT;
import static io.jdrbd.state.DiskState.OUTDATED;
import static io.jdrbd.state.DiskState.UP_TO_DATE;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;

/** The disk states that go with a replication state (spec 4.3.1). */
record DiskRange(DiskState min, DiskState max) {

  /** For the own disk. */
  static DiskRange own(ReplicationState replication) {
    return switch (replication) {
      case OFF, ESTABLISHED -> new DiskRange(DISKLESS, UP_TO_DATE);
      case WF_BITMAP_T, STARTING_SYNC_T, WF_SYNC_UUID, BEHIND ->
          new DiskRange(INCONSISTENT, OUTDATED);
      case SYNC_TARGET, PAUSED_SYNC_T -> new DiskRange(INCONSISTENT, INCONSISTENT);
      case WF_BITMAP_S, STARTING_SYNC_S, SYNC_SOURCE, PAUSED_SYNC_S, AHEAD, VERIFY_S, VERIFY_T ->
          new DiskRange(INCONSISTENT, UP_TO_DATE);
    };
  }

  /** For the disk of the peer. */
  static DiskRange peer(ReplicationState replication) {
    return switch (replication) {
      case OFF -> new DiskRange(INCONSISTENT, D_UNKNOWN);
      case ESTABLISHED -> new DiskRange(DISKLESS, UP_TO_DATE);
      case SYNC_SOURCE -> new DiskRange(INCONSISTENT, INCONSISTENT);
      case WF_BITMAP_S, STARTING_SYNC_S, PAUSED_SYNC_S, AHEAD ->
          new DiskRange(INCONSISTENT, CONSISTENT);
      case WF_BITMAP_T,
          STARTING_SYNC_T,
          WF_SYNC_UUID,
          BEHIND,
          SYNC_TARGET,
          PAUSED_SYNC_T,
          VERIFY_S,
          VERIFY_T ->
          new DiskRange(INCONSISTENT, UP_TO_DATE);
    };
  }

  /** The state nearest to this one that lies in the range. */
  DiskState clamp(DiskState disk) {
    if (disk.isBelow(min)) {
      return min;
    }
    return disk.isAbove(max) ? max : disk;
  }
}
