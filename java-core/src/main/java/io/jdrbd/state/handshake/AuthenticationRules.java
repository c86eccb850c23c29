package io.jdrbd.state.handshake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** Whether a peer knows the shared secret (spec 1.7). The digests themselves are made elsewhere. */
public final class AuthenticationRules {
  /** Bytes of a challenge. */
  public static final int CHALLENGE_BYTES = 64;

  private static final int CHALLENGE_BYTES_MAX = 128;
  private static final int WITH_NODE_ID = 110;

  private AuthenticationRules() {}

  /**
   * Is this a challenge that may be answered?
   *
   * @param own as sent
   * @param peer as received
   * @return the challenge to be answered
   */
  public static HandshakeVerdict<byte[]> challenge(byte[] own, byte[] peer, int protocolVersion) {
    int longest = protocolVersion < WITH_NODE_ID ? CHALLENGE_BYTES_MAX : CHALLENGE_BYTES;
    if (peer.length < CHALLENGE_BYTES || peer.length > longest) {
      return HandshakeVerdict.stop(
          "a challenge of %d bytes; %d were expected".formatted(peer.length, CHALLENGE_BYTES));
    }
    if (Arrays.equals(own, peer)) {
      return HandshakeVerdict.stop("the peer sent this node's own challenge back: an attack?");
    }
    return HandshakeVerdict.agreed(peer, "a challenge");
  }

  /**
   * What is signed with the secret to answer a challenge.
   *
   * @param responder id of the node that answers
   */
  public static byte[] signed(byte[] challenge, int protocolVersion, int responder) {
    return protocolVersion < WITH_NODE_ID
        ? challenge.clone()
        : ByteBuffer.allocate(challenge.length + Integer.BYTES)
            .put(challenge)
            .putInt(responder)
            .array();
  }

  /**
   * Does the peer know the secret?
   *
   * @param expected the digest that it must have answered
   * @param received what it answered
   */
  public static HandshakeVerdict<byte[]> response(byte[] expected, byte[] received) {
    if (expected.length != received.length) {
      return HandshakeVerdict.retry(
          "a response of %d bytes instead of %d: the peer's cram-hmac-alg is another one"
              .formatted(received.length, expected.length));
    }
    return MessageDigest.isEqual(expected, received)
        ? HandshakeVerdict.agreed(received, "the peer knows the shared secret")
        : HandshakeVerdict.stop("authentication failed: the peer's shared-secret is another one");
  }
}
