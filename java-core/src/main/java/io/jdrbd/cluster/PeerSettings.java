package io.jdrbd.cluster;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.state.cluster.ConnectionFacts;
import io.jdrbd.state.cluster.FencingPolicy;
import io.jdrbd.state.sync.SyncPolicies;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.wire.ProtocolSettings;

/**
 * How a peer is to be reached and spoken with: the net options, in the words of those who use them.
 *
 * @param name of the peer, for logs
 * @param plan for the transport
 * @param session for the handshake and the signs of life
 * @param policies after a split brain
 * @param fencing the fencing policy
 * @param remoteRead allow-remote-read
 * @param verifyAlgorithm verify-alg, empty for none
 * @param csumsAlgorithm csums-alg, empty for none
 * @param csumsAfterCrashOnly csums-after-crash-only
 * @param maxBufferBlocks max-buffers, in blocks of 4 KiB
 * @param compressedBitmaps use-rle
 */
public record PeerSettings(
    String name,
    ConnectPlan plan,
    SessionSettings session,
    SyncPolicies policies,
    FencingPolicy fencing,
    boolean remoteRead,
    String verifyAlgorithm,
    String csumsAlgorithm,
    boolean csumsAfterCrashOnly,
    int maxBufferBlocks,
    boolean compressedBitmaps) {

  /** What the rules have to know of a connection with these settings. */
  ConnectionFacts facts(int protocolVersion, boolean handshake) {
    return new ConnectionFacts(
        protocolVersion,
        twoPrimaries(),
        fencing,
        remoteRead,
        !verifyAlgorithm.isEmpty(),
        handshake);
  }

  /** 1 for A, 2 for B, 3 for C. */
  int protocol() {
    return session.protocol().protocol();
  }

  boolean twoPrimaries() {
    return session.protocol().twoPrimaries() != 0;
  }

  /** Whether the own data is to be given up if there was a split brain. */
  boolean discardMyData() {
    return (session.protocol().connFlags() & ProtocolSettings.DISCARD_MY_DATA) != 0;
  }
}
