package io.jdrbd.state.cluster;

import io.jdrbd.state.ReplicationState;

/** What came of attaching a disk, on one connection that stands (spec 3.6.5, 4.3 rule 3). */
public enum AttachResult {
  /** Nothing yet. */
  OPEN(ReplicationState.ESTABLISHED),
  /** The peer's data has nothing to do with it. */
  NO_RESULT(ReplicationState.ESTABLISHED),
  /** Nothing is to be resynced. */
  NO_RESYNC(ReplicationState.ESTABLISHED),
  /** This node becomes source. */
  SOURCE(ReplicationState.WF_BITMAP_S),
  /** This node becomes target. */
  TARGET(ReplicationState.WF_BITMAP_T);

  private final ReplicationState replication;

  AttachResult(ReplicationState replication) {
    this.replication = replication;
  }

  /** The state that the volume takes on that connection. */
  ReplicationState replication() {
    return replication;
  }
}
