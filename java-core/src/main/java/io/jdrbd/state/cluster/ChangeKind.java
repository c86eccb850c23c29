package io.jdrbd.state.cluster;

/** Where a change comes from: that decides what may stand against it (spec 4.2). */
public enum ChangeKind {
  /** Imposed by the environment (a lost connection, a disk error): only the hard rules hold. */
  HARD,
  /** A wish that may be refused. */
  SOFT,
  /** A peer's wish for the whole connection: volumes that cannot be outdated are passed over. */
  REMOTE,
  /** A demotion although volumes are open for writing: their I/O fails from then on. */
  FORCED_DEMOTION;

  /** Whether the soft rules are asked. */
  boolean mayBeRefused() {
    return this != HARD;
  }
}
