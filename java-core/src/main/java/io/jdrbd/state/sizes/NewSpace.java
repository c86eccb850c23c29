package io.jdrbd.state.sizes;

import io.jdrbd.state.Role;

/** Who is the source for space that was added to a volume (spec 3.2.6). */
public enum NewSpace {
  OWN_IS_SOURCE,
  PEER_IS_SOURCE,
  NOTHING;

  private static final int BY_NODE_ID = 111;

  /**
   * After an exchange of sizes.
   *
   * @param acceptedControl whether this node accepted the control stream
   */
  public static NewSpace bySizes(
      Role own,
      Role peer,
      int protocolVersion,
      boolean acceptedControl,
      int ownNodeId,
      int peerNodeId) {
    if (own != peer) {
      return source(own == Role.PRIMARY);
    }
    return source(protocolVersion < BY_NODE_ID ? acceptedControl : ownNodeId < peerNodeId);
  }

  /**
   * After a resize by two-phase commit.
   *
   * @param diskfulPrimaries mask of the Primaries that have a disk
   * @param cameFromPeer whether this node learned of the resize from the peer; else the peer did
   *     from this node
   */
  public static NewSpace byTransaction(
      long diskfulPrimaries, boolean cameFromPeer, int ownNodeId, int peerNodeId) {
    if (diskfulPrimaries == 0) {
      return source(!cameFromPeer);
    }
    boolean ownPrimary = (diskfulPrimaries >>> ownNodeId & 1) != 0;
    boolean peerPrimary = (diskfulPrimaries >>> peerNodeId & 1) != 0;
    if (ownPrimary && peerPrimary) {
      return source(ownNodeId < peerNodeId);
    }
    return ownPrimary || peerPrimary ? source(ownPrimary) : NOTHING;
  }

  private static NewSpace source(boolean own) {
    return own ? OWN_IS_SOURCE : PEER_IS_SOURCE;
  }
}
