package io.jdrbd.state.sync;

import java.util.Optional;

/**
 * What the decision about a resync depends on apart from the two sides' data.
 *
 * @param occasion why the decision is taken
 * @param protocolVersion agreed on
 * @param acknowledgesEarly whether writes are complete before the peer has them on disk (protocol A
 *     and B)
 * @param acceptedControl whether this node accepted the control stream; breaks ties, and is true on
 *     exactly one side
 * @param writeSame whether the feature of that name is agreed; only 8.4 asks
 * @param policies configured
 * @param quorumConfigured whether the resource has a quorum
 * @param canBeDemoted whether this node could be made Secondary now; asked only by the policy
 *     call-pri-lost-after-sb
 * @param factsChanged whether the own identifiers or flags changed since they were sent
 * @param ownSlots mask of the nodes that have a bitmap here
 * @param lostPeer what both know of the writes of a lost third node, if that was exchanged
 * @param dryRun decide and give up the connection
 */
public record SyncTerms(
    SyncOccasion occasion,
    int protocolVersion,
    boolean acknowledgesEarly,
    boolean acceptedControl,
    boolean writeSame,
    SyncPolicies policies,
    boolean quorumConfigured,
    boolean canBeDemoted,
    boolean factsChanged,
    long ownSlots,
    Optional<LostPeer> lostPeer,
    boolean dryRun) {

  /** The version from which on nodes decide by two-phase commit and send all their slots. */
  static final int DRBD_9 = 110;

  /**
   * A third node that was lost, and how far either side saw its writes (P_PEER_DAGTAG).
   *
   * @param ownDagtag of the last write that this node received
   * @param peerDagtag of the last write that the peer received
   */
  public record LostPeer(long ownDagtag, long peerDagtag) {}

  boolean isDrbd9() {
    return protocolVersion >= DRBD_9;
  }
}
