package io.jdrbd.replication;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;

/** What a peer gets of a write (spec 2.12.1). */
public enum Disposition {
  /** The data. */
  DATA,
  /** Only that there was a change. */
  OUT_OF_SYNC,
  /** Nothing: the mark is all that remembers it. */
  NOTHING;

  /** For a peer whose disk and replication state are these. */
  public static Disposition of(DiskState peerDisk, ReplicationState replication) {
    if (replication == ReplicationState.AHEAD || replication == ReplicationState.WF_BITMAP_S) {
      return OUT_OF_SYNC;
    }
    return switch (peerDisk) {
      case UP_TO_DATE -> replication == ReplicationState.OFF ? NOTHING : DATA;
      case INCONSISTENT ->
          replication == ReplicationState.ESTABLISHED
                  || replication.isBetween(
                      ReplicationState.WF_BITMAP_T, ReplicationState.PAUSED_SYNC_T)
              ? DATA
              : NOTHING;
      case OUTDATED -> replication == ReplicationState.OFF ? NOTHING : OUT_OF_SYNC;
      case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, D_UNKNOWN, CONSISTENT -> NOTHING;
    };
  }

  /** Whether writes to this peer may take marks away (dp_flag MAY_SET_IN_SYNC, spec 2.5). */
  public static boolean mayTakeMarksAway(ReplicationState replication) {
    return replication.isBetween(ReplicationState.SYNC_SOURCE, ReplicationState.PAUSED_SYNC_T);
  }
}
