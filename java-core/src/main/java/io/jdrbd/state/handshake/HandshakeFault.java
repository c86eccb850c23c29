package io.jdrbd.state.handshake;

/** What can go wrong in the handshake before two packets are compared (spec 1.6.3, 1.7). */
public enum HandshakeFault {
  STREAM_ENDED(true, "the stream ended, timed out, or carried a bad header"),
  NOT_FEATURES(false, "another packet instead of P_CONNECTION_FEATURES"),
  FEATURES_LENGTH(false, "P_CONNECTION_FEATURES without its 72 bytes"),
  NOT_A_CHALLENGE(
      false,
      "another packet instead of P_AUTH_CHALLENGE: the peer has no cram-hmac-alg configured"),
  NOT_A_RESPONSE(true, "another packet instead of P_AUTH_RESPONSE");

  private final boolean retry;
  private final String text;

  HandshakeFault(boolean retry, String text) {
    this.retry = retry;
    this.text = text;
  }

  /** What follows. */
  public <T> HandshakeVerdict<T> verdict() {
    return retry ? HandshakeVerdict.retry(text) : HandshakeVerdict.stop(text);
  }
}
