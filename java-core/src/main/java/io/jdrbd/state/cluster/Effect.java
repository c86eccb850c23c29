package io.jdrbd.state.cluster;

import java.util.OptionalInt;

/**
 * Something that the caller has to do after a state change, in the order given (spec 4.5, 4.6). A
 * packet that cannot be sent because its connection is gone meanwhile is left out.
 */
public sealed interface Effect {

  /** It is over when it was begun. */
  sealed interface Prompt extends Effect {}

  /** It takes its time, and what follows has to wait for its end. */
  sealed interface Lasting extends Effect {}

  /** A packet to a peer. */
  sealed interface Packet extends Effect {
    /** The node id of the receiver. */
    int peer();
  }

  /** P_STATE with the word of this very change, not of the moment when it is sent. */
  record SendState(int peer, int volume, StateWord word) implements Packet, Prompt {}

  /** P_STATE of the whole resource (volume 65535) with nothing but the role Secondary. */
  record SendRole(int peer) implements Packet, Prompt {}

  /** P_UUIDS, or from protocol version 110 on P_UUIDS110. */
  record SendUuids(int peer, int volume, UuidNews news) implements Packet, Prompt {}

  /** What is new in a packet with UUIDs. */
  enum UuidNews {
    /** Only the values. */
    VALUES,
    /** The sender has become stable: flag GOT_STABLE. */
    BECAME_STABLE
  }

  /** P_SIZES. */
  record SendSizes(int peer, int volume) implements Packet, Prompt {}

  /** P_SYNC_UUID, below protocol version 110, before the next P_STATE. */
  record SendSyncUuid(int peer, int volume) implements Packet, Lasting {}

  /** The bitmap towards this peer. */
  record SendBitmap(int peer, int volume) implements Packet, Prompt {}

  /** P_DAGTAG with the present dagtag, to a peer that gets writes from now on. */
  record SendDagtag(int peer, int volume) implements Packet, Prompt {}

  /** The P_PEER_ACK that is still owed to all peers. */
  record FlushPeerAcks() implements Prompt {}

  /** The write epoch ends here: other peers than before get the writes of this volume. */
  record CloseEpoch(int volume) implements Prompt {}

  /** The bitmap towards this peer is cleared and its bitmap UUID becomes 0: both have the same. */
  record ClearBitmap(int peer, int volume) implements Lasting {}

  /**
   * All bits are set and written, then the full resync begins: repl becomes SyncSource, or as
   * target WFSyncUUID (below protocol version 110) or SyncTarget.
   *
   * @param allPeers the bits towards all peers: this node is the target
   */
  record StartFullSync(int peer, int volume, boolean allPeers) implements Lasting {}

  /** Changed parts of the bitmap are written. */
  record WriteBitmap(int volume) implements Lasting {}

  /**
   * A resync or verify begins, or goes on after a pause; as target or verifier: requests are sent.
   */
  record StartResync(int peer, int volume) implements Prompt {}

  /** A resync or verify waits: no more requests. */
  record PauseResync(int peer, int volume) implements Prompt {}

  /** A resync or verify is over or given up: its progress and marks are forgotten. */
  record EndResync(int peer, int volume) implements Prompt {}

  /** A new current UUID is made, written, and told to the peers now, not only before a write. */
  record MakeNewUuid(int volume, boolean forced) implements Lasting {}

  /** After a forced promotion: the next P_STATE of this peer is compared for a resync. */
  record ConsiderResync(int peer, int volume) implements Prompt {}

  /** The metadata is written: its marks or slots have changed, or the members. */
  record WriteMetadata(int volume) implements Lasting {}

  /** The disk is given up: when the last request has left it, it becomes Diskless (hard change). */
  record ReleaseDisk(int volume) implements Prompt {}

  /** Streams are opened: the connection becomes Connecting. */
  record StartReceiver(int peer) implements Prompt {}

  /** Streams are closed after what is queued is sent; then the connection becomes Unconnected. */
  record RestartReceiver(int peer) implements Prompt {}

  /** Streams are closed after what is queued is sent; then the connection becomes StandAlone. */
  record StopReceiver(int peer) implements Prompt {}

  /**
   * The connection is lost: what waits for this peer ends, a two-phase commit counts as answered
   * with RETRY, the flag RECONNECT is armed.
   *
   * @param wasPrimary the other peers are to be told (spec 4.17.3)
   */
  record ConnectionLost(int peer, boolean wasPrimary) implements Lasting {}

  /** New I/O is held. */
  record SuspendIo() implements Prompt {}

  /** Held I/O goes on; for a lost peer requests are ended. */
  record ResumeIo() implements Prompt {}

  /** Requests that were held while the peer was away are sent again. */
  record ResendRequests(int peer, int volume) implements Prompt {}

  /** Requests that were held while the peer was away are ended for it: a resync covers them. */
  record CancelRequests(int peer, int volume) implements Prompt {}

  /** I/O that is waiting or comes fails, until nobody has a volume open. */
  record FailIo() implements Prompt {}

  /** The owed new UUID is made, then the suspension that waits for it ends (a new change). */
  record EndUuidSuspension() implements Lasting {}

  /**
   * The suspension for the fencing of a peer ends (a new change).
   *
   * @param withNewUuid the peer is fenced: owed UUIDs are made first; otherwise it is back and they
   *     are not owed any more
   */
  record EndFencingSuspension(int peer, boolean withNewUuid) implements Prompt {}

  /** The handler fence-peer runs. */
  record FencePeer(int peer) implements Prompt {}

  /** The handler unfence-peer runs. */
  record UnfencePeer(int peer) implements Prompt {}

  /** A handler runs. */
  record RunHandler(String name, OptionalInt peer, OptionalInt volume) implements Prompt {}

  /**
   * The cluster is asked whether Consistent data is current: the empty transaction (spec 4.17.4).
   */
  record AskCluster() implements Prompt {}

  /** Nobody is connected any more: a prepared transaction is over. */
  record ExpireTransaction() implements Prompt {}
}
