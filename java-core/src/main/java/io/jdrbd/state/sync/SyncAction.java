package io.jdrbd.state.sync;

/** What a decision asks for besides its outcome, before it is carried out. */
public enum SyncAction {
  /** Run the handler initial-split-brain. */
  HANDLER_INITIAL_SPLIT_BRAIN,
  /** Run the handler split-brain: it is not solved. */
  HANDLER_SPLIT_BRAIN,
  /** Run the handler pri-lost: this Primary would have to become a target. */
  HANDLER_PRI_LOST,
  /** Run the handler pri-lost-after-sb: this Primary lost and could not be demoted. */
  HANDLER_PRI_LOST_AFTER_SB,
  /** Make this node Secondary. */
  DEMOTE,
  /** Set all bits of the bitmap towards the peer, and write it. */
  SET_BITMAP,
  /** Copy the bitmap of the node that the comparison names; set all bits if there is none. */
  COPY_BITMAP,
  /** Clear the bitmap towards the peer: the source brings its own. */
  CLEAR_BITMAP
}
