package io.jdrbd.state.sync;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.cluster.StateWord;
import java.util.Optional;

/** What a peer's P_STATE about a volume means to this node (spec 3.3.5). */
public sealed interface ReceivedState {

  /** The peer may not have a disk here: the connection ends in StandAlone. */
  record Refused(String reason) implements ReceivedState {}

  /** Nothing is to be done. */
  record Ignored(String reason) implements ReceivedState {}

  /** The target is done, and this node is its source. */
  record ResyncFinished(DiskState peerDisk) implements ReceivedState {}

  /** The target is done before this node began: finish as soon as it is SyncSource. */
  record ResyncFinishesSoon(DiskState peerDisk) implements ReceivedState {}

  /** The peer, which compared, is done with the verify. */
  record VerifyFinished() implements ReceivedState {}

  /** The peer is no longer Ahead: this node becomes the target of what it missed. */
  record CatchesUp() implements ReceivedState {}

  /**
   * The usual case: the peer's role, disk and pause are taken over.
   *
   * @param replication what it is from now on, unless a decision says otherwise
   * @param peerDisk the peer's disk; for one that is Negotiating what its metadata means
   * @param decides why the data is to be compared now, if it is
   * @param hotAdded the peer has just added the volume and waits for this node's packets
   */
  record Taken(
      ReplicationState replication,
      DiskState peerDisk,
      Optional<SyncOccasion> decides,
      boolean hotAdded)
      implements ReceivedState {}

  /**
   * What this node knew before.
   *
   * @param protocolVersion agreed on
   * @param connected whether the connection is established
   * @param replication of the volume
   * @param disk the own one
   * @param peerDisk the peer's, as far as known
   * @param peerWasTarget whether the peer's last P_STATE said SyncTarget or PausedSyncT
   * @param peerHasNoBitmap whether the peer is configured to be diskless
   * @param peerIsInconsistent whether its last identifiers had the flag of that name
   * @param uuidsKnown whether its identifiers came in this handshake
   * @param first whether this is the first P_STATE of the handshake
   * @param considersResync whether a forced promotion while both were Inconsistent is in progress
   */
  record Before(
      int protocolVersion,
      boolean connected,
      ReplicationState replication,
      DiskState disk,
      DiskState peerDisk,
      boolean peerWasTarget,
      boolean peerHasNoBitmap,
      boolean peerIsInconsistent,
      boolean uuidsKnown,
      boolean first,
      boolean considersResync) {

    private boolean isDrbd9() {
      return protocolVersion >= SyncTerms.DRBD_9;
    }
  }

  /** Reads a P_STATE. */
  static ReceivedState read(Before before, StateWord word) {
    if (before.peerHasNoBitmap() && word.disk() != DiskState.DISKLESS) {
      return new Refused(
          "the peer has a disk (%s), but is configured to have none".formatted(word.disk().word()));
    }
    return endOfResync(before, word).or(() -> special(before, word)).orElse(taken(before, word));
  }

  private static Optional<ReceivedState> endOfResync(Before before, StateWord word) {
    boolean resyncs = awaitsEnd(before) && word.replication() == ReplicationState.ESTABLISHED;
    if (!resyncs) {
      return Optional.empty();
    }
    DiskState real = realDisk(before, word);
    return Optional.of(
        switch (before.replication()) {
          case SYNC_SOURCE, PAUSED_SYNC_S -> new ResyncFinished(real);
          case WF_BITMAP_S -> new ResyncFinishesSoon(real);
          default -> new Ignored("the peer tells the end of a resync that does not run");
        });
  }

  private static boolean awaitsEnd(Before before) {
    boolean differs =
        before.peerDisk() == DiskState.INCONSISTENT || before.peerDisk() == DiskState.CONSISTENT;
    return differs
        && before.replication().isAbove(ReplicationState.ESTABLISHED)
        && before.disk().compareTo(DiskState.INCONSISTENT) >= 0
        && (before.peerWasTarget() || !before.isDrbd9());
  }

  private static Optional<ReceivedState> special(Before before, StateWord word) {
    boolean verified =
        before.replication() == ReplicationState.VERIFY_T
            && before.disk() == DiskState.UP_TO_DATE
            && word.replication() == ReplicationState.ESTABLISHED
            && word.disk() == DiskState.UP_TO_DATE;
    if (verified) {
      return Optional.of(new VerifyFinished());
    }
    boolean catchesUp =
        before.isDrbd9()
            && before.replication() == ReplicationState.BEHIND
            && word.replication() == ReplicationState.SYNC_SOURCE;
    return catchesUp ? Optional.of(new CatchesUp()) : Optional.empty();
  }

  private static ReceivedState taken(Before before, StateWord word) {
    ReplicationState next =
        before.replication() == ReplicationState.OFF
            ? ReplicationState.ESTABLISHED
            : before.replication();
    if (word.replication() == ReplicationState.AHEAD) {
      next = ReplicationState.BEHIND;
    }
    boolean hotAdded =
        before.connected()
            && word.connection() == ConnectionState.CONNECTED
            && word.replication() == ReplicationState.OFF;
    return new Taken(next, shownDisk(before, word), decides(before, word), hotAdded);
  }

  private static DiskState realDisk(Before before, StateWord word) {
    if (word.disk() != DiskState.NEGOTIATING) {
      return word.disk();
    }
    return before.peerIsInconsistent() ? DiskState.INCONSISTENT : DiskState.CONSISTENT;
  }

  private static DiskState shownDisk(Before before, StateWord word) {
    DiskState real = realDisk(before, word);
    boolean prepares =
        awaitsEnd(before)
            && word.replication()
                .isBetween(ReplicationState.STARTING_SYNC_S, ReplicationState.WF_SYNC_UUID);
    if (prepares) {
      return DiskState.INCONSISTENT;
    }
    boolean late =
        before.peerDisk() == DiskState.UP_TO_DATE
            && real == DiskState.INCONSISTENT
            && before.replication() == ReplicationState.ESTABLISHED
            && word.replication().isAbove(ReplicationState.SYNC_SOURCE);
    return late ? DiskState.UP_TO_DATE : real;
  }

  private static Optional<SyncOccasion> decides(Before before, StateWord word) {
    boolean comparable =
        before.uuidsKnown()
            && word.disk().compareTo(DiskState.NEGOTIATING) >= 0
            && before.disk().compareTo(DiskState.NEGOTIATING) >= 0;
    if (!comparable) {
      return Optional.empty();
    }
    if (before.first()) {
      return Optional.of(SyncOccasion.CONNECT);
    }
    if (before.disk() == DiskState.NEGOTIATING) {
      return Optional.of(SyncOccasion.OWN_ATTACH);
    }
    if (word.disk() == DiskState.NEGOTIATING) {
      return Optional.of(SyncOccasion.PEER_ATTACH);
    }
    return before.considersResync() || peerStarts(before, word)
        ? Optional.of(SyncOccasion.CONSIDER_RESYNC)
        : Optional.empty();
  }

  /** A node of 8.4 that decided on a resync alone tells it so. */
  private static boolean peerStarts(Before before, StateWord word) {
    ReplicationState last =
        before.isDrbd9() ? ReplicationState.STARTING_SYNC_T : ReplicationState.WF_BITMAP_T;
    return before.replication() == ReplicationState.ESTABLISHED
        && word.replication().isBetween(ReplicationState.STARTING_SYNC_S, last);
  }

  /**
   * Whether the peer must be told to decide as well: this node's decision ended the quiet, and the
   * peer does not know of it (step 14).
   *
   * @param decided the own replication after the decision
   */
  static boolean mustTellPeer(Before before, StateWord word, ReplicationState decided) {
    return before.replication() != ReplicationState.OFF
        && decided.isAbove(ReplicationState.ESTABLISHED)
        && decided != before.replication()
        && !word.replication().isAbove(ReplicationState.ESTABLISHED)
        && word.disk() != DiskState.NEGOTIATING;
  }
}
