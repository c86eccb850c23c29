package io.jdrbd.connection;

import io.jdrbd.state.ConnectionState;

/**
 * Why a session is over, and what the connection does next.
 *
 * @param state a reason, after which the peer is looked for again; or {@link
 *     ConnectionState#DISCONNECTING}, after which it is not
 * @param pause whether the next attempt has to wait a second first (spec 1.12.5)
 * @param text for people
 */
public record SessionEnd(ConnectionState state, boolean pause, String text) {

  /** Not worth trying again without a person. */
  static SessionEnd stop(String text) {
    return new SessionEnd(ConnectionState.DISCONNECTING, false, text);
  }

  /** A failure of the handshake that may be gone in a second. */
  static SessionEnd retry(String text) {
    return new SessionEnd(ConnectionState.NETWORK_FAILURE, true, text);
  }
}
