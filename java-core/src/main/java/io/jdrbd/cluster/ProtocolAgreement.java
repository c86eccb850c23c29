package io.jdrbd.cluster;

import io.jdrbd.cluster.line.DataDigest;
import io.jdrbd.cluster.line.PeerDigest;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.handshake.HandshakeVerdict;
import io.jdrbd.state.handshake.ProtocolRules;
import io.jdrbd.state.handshake.ProtocolTerms;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.WireDialect;

/**
 * What both ends of a connection must have set alike, as they tell each other in P_PROTOCOL (spec
 * 1.8). On the loop.
 */
final class ProtocolAgreement {
  private static final int DIGEST_IS_TOLD_FROM = 87;

  private final ClusterPeer peer;

  ProtocolAgreement(ClusterPeer peer) {
    this.peer = peer;
  }

  /**
   * The digest that comes with data of replication, until the peer says otherwise. One that is not
   * known here is refused when the peer's settings have come.
   */
  PeerDigest digest(WireDialect dialect) {
    String algorithm = peer.settings().session().protocol().integrityAlg();
    boolean told = dialect.protocolVersion() >= DIGEST_IS_TOLD_FROM;
    return told ? DataDigest.find(algorithm).orElse(PeerDigest.NONE) : PeerDigest.NONE;
  }

  /** P_PROTOCOL: ends the connection if there can be none with such settings. */
  void compare(ProtocolSettings theirs) {
    HandshakeVerdict<ProtocolTerms> verdict =
        ProtocolRules.check(
            terms(peer.settings().session().protocol()),
            terms(theirs),
            peer.dialect().protocolVersion(),
            algorithm -> DataDigest.find(algorithm).isPresent());
    switch (verdict) {
      case HandshakeVerdict.Agreed<ProtocolTerms> ignored -> {
        // both have the same already
      }
      case HandshakeVerdict.Stop<ProtocolTerms> stop -> peer.refuse(stop.reason());
      case HandshakeVerdict.Retry<ProtocolTerms> retry ->
          peer.end(ConnectionState.PROTOCOL_ERROR, retry.reason());
    }
  }

  private static ProtocolTerms terms(ProtocolSettings packet) {
    return new ProtocolTerms(
        packet.protocol(),
        packet.afterSb0p(),
        packet.afterSb1p(),
        packet.afterSb2p(),
        (packet.connFlags() & ProtocolSettings.DISCARD_MY_DATA) != 0,
        (packet.connFlags() & ProtocolSettings.DRY_RUN) != 0,
        packet.twoPrimaries() != 0,
        packet.integrityAlg());
  }

  /**
   * P_PROTOCOL_UPDATE: the peer's net options have changed, and what it sends has this digest from
   * now on (spec 1.8.3).
   */
  void adopt(ProtocolSettings theirs) {
    String algorithm = theirs.integrityAlg();
    DataDigest.find(algorithm)
        .ifPresentOrElse(
            peer.bulk()::expect,
            () -> peer.refuse("data-integrity-alg %s is not known here".formatted(algorithm)));
  }
}
