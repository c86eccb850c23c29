package io.jdrbd.state.handshake;

/** Which version and features two nodes speak (spec 1.6.3). */
public final class FeatureRules {
  /** The highest version of DRBD 8.4. */
  public static final int LAST_8 = 101;

  /** The lowest version of DRBD 9 that current nodes speak. */
  public static final int FIRST_9 = 118;

  private static final int NODE_IDS = 110;
  private static final int MERGED_DISCARDS = 121;

  private FeatureRules() {}

  /**
   * Compares two offers.
   *
   * @param own as sent
   * @param peer as received
   * @param peerNodeId the configured id of the peer
   * @param hasOtherPeers whether the resource has any other connection
   */
  public static HandshakeVerdict<FeatureAgreement> agree(
      FeatureOffer own, FeatureOffer peer, int peerNodeId, boolean hasOtherPeers) {
    if (own.highest() < peer.protocolMin() || own.protocolMin() > peer.highest()) {
      return HandshakeVerdict.stop(
          "no common protocol version: this node speaks %s, the peer %s"
              .formatted(own.range(), peer.range()));
    }
    if (peer.highest() > LAST_8 && peer.highest() < FIRST_9) {
      return HandshakeVerdict.stop(
          "the peer speaks up to version %d, of DRBD 9.0 or 9.1; it must be upgraded to 9.2"
              .formatted(peer.highest()));
    }
    int version = Math.min(own.highest(), peer.highest());
    var agreement = new FeatureAgreement(version, own.features() & peer.features());
    if (version == MERGED_DISCARDS && agreement.has(FeatureAgreement.RESYNC_DAGTAG)) {
      return HandshakeVerdict.stop(
          "version 121 with the feature RESYNC_DAGTAG acknowledges merged discards in another way;"
              + " the peer must be upgraded to DRBD 9.2.3");
    }
    if (version < NODE_IDS) {
      return hasOtherPeers
          ? HandshakeVerdict.stop(
              "the peer is of DRBD 8.4, which allows no third node, but the resource has one")
          : agreed(agreement);
    }
    return identities(own, peer, peerNodeId, agreement);
  }

  private static HandshakeVerdict<FeatureAgreement> identities(
      FeatureOffer own, FeatureOffer peer, int peerNodeId, FeatureAgreement agreement) {
    if (peer.senderNodeId() != peerNodeId) {
      return HandshakeVerdict.retry(
          "the peer says it is node %d, but node %d is configured at that address"
              .formatted(peer.senderNodeId(), peerNodeId));
    }
    if (peer.receiverNodeId() != own.senderNodeId()) {
      return HandshakeVerdict.retry(
          "the peer looks for node %d, but this is node %d"
              .formatted(peer.receiverNodeId(), own.senderNodeId()));
    }
    return agreed(agreement);
  }

  private static HandshakeVerdict<FeatureAgreement> agreed(FeatureAgreement agreement) {
    return HandshakeVerdict.agreed(
        agreement,
        "protocol version %d, features 0x%x"
            .formatted(agreement.protocolVersion(), agreement.features()));
  }
}
