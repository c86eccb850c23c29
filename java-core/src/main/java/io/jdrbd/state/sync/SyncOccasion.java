package io.jdrbd.state.sync;

/** Why two nodes compare their data. */
public enum SyncOccasion {
  /** The connection is being established. */
  CONNECT,
  /** Connected; one side was made Primary by force while both were Inconsistent. */
  CONSIDER_RESYNC,
  /** Connected; this node attaches a disk. */
  OWN_ATTACH,
  /** Connected; the peer attaches a disk. */
  PEER_ATTACH;

  /** Whether the connection stays whatever the decision is. */
  public boolean isAttach() {
    return this == OWN_ATTACH || this == PEER_ATTACH;
  }
}
