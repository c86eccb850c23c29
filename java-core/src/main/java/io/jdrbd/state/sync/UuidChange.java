package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;

/** What a comparison corrects in identifiers that missed the start or the end of a resync. */
public enum UuidChange {
  /** The peer is in sync: the own bitmap identifier becomes history. */
  OWN_END,
  /** The peer never learned of the resync: the own bitmap identifier is what it was before. */
  OWN_START,
  /** In the stored copy of the peer's: its bitmap identifier becomes history. */
  PEER_END,
  /** In the stored copy of the peer's: its bitmap identifier is what it was before. */
  PEER_START,
  /** A full resync begins: the own bitmap identifier becomes the peer's generation. */
  OWN_SLOT_NAMES_PEER;

  /** The own identifiers after the change. */
  public Generations own(Generations own, Generations peer) {
    int node = peer.nodeId();
    return switch (this) {
      case OWN_END -> own.inSyncWith(node);
      case OWN_START -> own.resyncNeverStarted(node);
      case OWN_SLOT_NAMES_PEER -> own.tracks(node, peer.current());
      case PEER_END, PEER_START -> own;
    };
  }

  /** The stored copy of the peer's identifiers after the change. */
  public Generations peer(Generations own, Generations peer) {
    int node = own.nodeId();
    return switch (this) {
      case PEER_END -> peer.inSyncWith(node);
      case PEER_START -> peer.resyncNeverStarted(node);
      case OWN_END, OWN_START, OWN_SLOT_NAMES_PEER -> peer;
    };
  }

  /** The own identifiers after the change, as 8.4 keeps them. */
  public Generations84 own(Generations84 own) {
    return switch (this) {
      case OWN_END -> own.withBitmap(0);
      case OWN_START -> own.resyncNeverStarted();
      case PEER_END, PEER_START, OWN_SLOT_NAMES_PEER -> own;
    };
  }

  /** The stored copy of the peer's identifiers after the change, as 8.4 keeps them. */
  public Generations84 peer(Generations84 peer) {
    return switch (this) {
      case PEER_END -> peer.withBitmap(0);
      case PEER_START -> peer.resyncNeverStarted();
      case OWN_END, OWN_START, OWN_SLOT_NAMES_PEER -> peer;
    };
  }
}
