package io.jdrbd.state.sync;

import io.jdrbd.state.ReplicationState;

/** What the two nodes do now (spec 3.7.4). */
public sealed interface SyncOutcome {

  /** They replicate, with a resync before or without. */
  record Replicate(ReplicationState state) implements SyncOutcome {}

  /** The connection ends in StandAlone: a person has to decide. */
  record Disconnect() implements SyncOutcome {}

  /** The attempt is given up and repeated. */
  record Retry() implements SyncOutcome {}

  /**
   * A disk that is being attached gets nothing from this peer; the connection stays. An own disk is
   * given up if no peer gives it anything, a peer's counts as absent until it says more.
   */
  record NoResult() implements SyncOutcome {}

  /** The replication state of a connection that goes on. */
  static SyncOutcome replicate(ReplicationState state) {
    return new Replicate(state);
  }
}
