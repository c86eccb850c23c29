package io.jdrbd.state.cluster;

/**
 * What the rules need to know of a connection besides its states; kept by the caller.
 *
 * @param protocolVersion as agreed; 0 while nothing is agreed
 * @param twoPrimaries option allow-two-primaries
 * @param fencing option fencing
 * @param remoteRead option allow-remote-read
 * @param verifyAlgorithm option verify-alg is set
 * @param handshake the initial states of the volumes are being exchanged
 */
public record ConnectionFacts(
    int protocolVersion,
    boolean twoPrimaries,
    FencingPolicy fencing,
    boolean remoteRead,
    boolean verifyAlgorithm,
    boolean handshake) {
  /** The first version of DRBD 9: two-phase commit, several peers. */
  public static final int VERSION_9 = 110;

  /** The defaults of DRBD's options; nothing is agreed. */
  public static final ConnectionFacts DEFAULT =
      new ConnectionFacts(0, false, FencingPolicy.DONT_CARE, true, false, false);

  /** Whether the peer speaks as DRBD 8.4 does: one peer, no two-phase commit. */
  public boolean isVersion84() {
    return protocolVersion > 0 && protocolVersion < VERSION_9;
  }

  /** Whether there is a fencing policy. */
  boolean fences() {
    return fencing != FencingPolicy.DONT_CARE;
  }

  /** The same but for {@link #protocolVersion}. */
  public ConnectionFacts withProtocolVersion(int wanted) {
    return new ConnectionFacts(
        wanted, twoPrimaries, fencing, remoteRead, verifyAlgorithm, handshake);
  }

  /** The same but for {@link #twoPrimaries}. */
  public ConnectionFacts withTwoPrimaries(boolean wanted) {
    return new ConnectionFacts(
        protocolVersion, wanted, fencing, remoteRead, verifyAlgorithm, handshake);
  }

  /** The same but for {@link #fencing}. */
  public ConnectionFacts withFencing(FencingPolicy wanted) {
    return new ConnectionFacts(
        protocolVersion, twoPrimaries, wanted, remoteRead, verifyAlgorithm, handshake);
  }

  /** The same but for {@link #remoteRead}. */
  public ConnectionFacts withRemoteRead(boolean wanted) {
    return new ConnectionFacts(
        protocolVersion, twoPrimaries, fencing, wanted, verifyAlgorithm, handshake);
  }

  /** The same but for {@link #verifyAlgorithm}. */
  public ConnectionFacts withVerifyAlgorithm(boolean wanted) {
    return new ConnectionFacts(
        protocolVersion, twoPrimaries, fencing, remoteRead, wanted, handshake);
  }

  /** The same but for {@link #handshake}. */
  public ConnectionFacts withHandshake(boolean wanted) {
    return new ConnectionFacts(
        protocolVersion, twoPrimaries, fencing, remoteRead, verifyAlgorithm, wanted);
  }
}
