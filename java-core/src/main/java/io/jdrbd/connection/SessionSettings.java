package io.jdrbd.connection;

import io.jdrbd.wire.ProtocolSettings;

/**
 * What one node brings into a handshake.
 *
 * @param ownNodeId 0 to 31
 * @param peerNodeId whom this connection is configured for
 * @param versions what is offered
 * @param authentication the name of the hash for cram-hmac, empty for none; and the secret
 * @param protocol what both must have alike
 * @param pingIntS seconds without a sign of life until a ping, 1 to 120
 * @param pingTimeoutDs tenths of a second that the answer may take, 1 to 300
 * @param timeoutDs tenths of a second without progress in sending, 1 to 600
 * @param koCount how often {@code timeoutDs} may pass on the data stream; 0 for ever
 * @param otherConnections whether the resource has other connections
 */
public record SessionSettings(
    int ownNodeId,
    int peerNodeId,
    Versions versions,
    Authentication authentication,
    ProtocolSettings protocol,
    int pingIntS,
    int pingTimeoutDs,
    int timeoutDs,
    int koCount,
    boolean otherConnections) {

  /**
   * The protocol versions and features that are offered.
   *
   * @param min lowest version
   * @param max highest version
   * @param features bits of {@link io.jdrbd.wire.Feature}
   */
  public record Versions(int min, int max, int features) {}

  /**
   * How the peer proves that it knows the secret.
   *
   * @param hash as the kernel calls it: {@code sha256}; empty for no authentication
   * @param secret shared by both nodes
   */
  public record Authentication(String hash, String secret) {
    /** No authentication. */
    public static final Authentication NONE = new Authentication("", "");

    @Override
    public String toString() {
      return hash.isEmpty() ? "none" : hash;
    }
  }
}
