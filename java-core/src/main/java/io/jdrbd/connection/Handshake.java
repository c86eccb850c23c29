package io.jdrbd.connection;

import io.jdrbd.digest.DigestUnavailableException;
import io.jdrbd.digest.Hmac;
import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.handshake.AuthenticationRules;
import io.jdrbd.state.handshake.FeatureAgreement;
import io.jdrbd.state.handshake.FeatureOffer;
import io.jdrbd.state.handshake.FeatureRules;
import io.jdrbd.state.handshake.HandshakeVerdict;
import io.jdrbd.wire.HandshakePacket;
import io.jdrbd.wire.OpaqueBytes;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.WireDialect;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * From two raw streams to P_PROTOCOL: features, then each side proves that it knows the secret
 * (spec 1.6, 1.7, 1.10.1). Every read has a limit in time.
 */
final class Handshake {
  private static final int PING_TIMEOUTS = 4;
  private static final int PING_TIMEOUTS_AFTER_PROTOCOL = 10;

  private enum Phase {
    FEATURES,
    CHALLENGE,
    RESPONSE,
    /** P_PROTOCOL was sent; waits for the first P_STATE. */
    NEGOTIATION,
    /**
     * The first P_STATE has come; from version 110 on all nodes have to agree to the connection.
     */
    AGREEMENT,
    DONE
  }

  private final PeerSession session;
  private final SessionSettings settings;
  private final SecureRandom random;
  private Phase phase = Phase.FEATURES;
  private Optional<Loop.Timer> timer = Optional.empty();
  private WireDialect agreed = WireDialect.BEFORE_AGREEMENT;
  private Optional<Hmac> hmac = Optional.empty();
  private byte[] ownChallenge = new byte[0];

  Handshake(PeerSession session, SessionSettings settings, SecureRandom random) {
    this.session = session;
    this.settings = settings;
    this.random = random;
  }

  void start() {
    SessionSettings.Versions versions = settings.versions();
    session.send(
        new HandshakePacket.ConnectionFeatures(
            versions.min(),
            versions.features(),
            versions.max(),
            settings.ownNodeId(),
            settings.peerNodeId()));
    limit(PING_TIMEOUTS);
  }

  /** Whether packets belong to somebody else now. */
  boolean isDone() {
    return phase == Phase.NEGOTIATION || phase == Phase.AGREEMENT || phase == Phase.DONE;
  }

  /** Whether the connection is still being made. */
  boolean isNegotiating() {
    return phase == Phase.NEGOTIATION || phase == Phase.AGREEMENT;
  }

  /** Bytes have arrived: the limit is one for each read. */
  void alive() {
    if (phase == Phase.NEGOTIATION) {
      limit(limitOfNegotiation());
    } else if (phase != Phase.DONE && phase != Phase.AGREEMENT) {
      limit(PING_TIMEOUTS);
    }
  }

  private int limitOfNegotiation() {
    return agreed.isVersion9() ? PING_TIMEOUTS_AFTER_PROTOCOL : PING_TIMEOUTS;
  }

  /** The first P_STATE has come, but the connection is not agreed on. */
  void awaitAgreement() {
    phase = Phase.AGREEMENT;
    stop();
  }

  /** The connection stands: from now on only pings tell whether the peer is there. */
  void negotiated() {
    phase = Phase.DONE;
    stop();
  }

  void stop() {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.empty();
  }

  private void limit(int pingTimeouts) {
    stop();
    long limitNs = TimeUnit.MILLISECONDS.toNanos(100L * settings.pingTimeoutDs()) * pingTimeouts;
    timer = Optional.of(session.loop().schedule(limitNs, () -> expired(limitNs)));
  }

  private void expired(long limitNs) {
    String text =
        "nothing came for %d ms while waiting for %s"
            .formatted(TimeUnit.NANOSECONDS.toMillis(limitNs), awaited());
    session.end(
        phase == Phase.NEGOTIATION
            ? new SessionEnd(ConnectionState.BROKEN_PIPE, false, text)
            : SessionEnd.retry(text));
  }

  private String awaited() {
    return switch (phase) {
      case FEATURES -> "P_CONNECTION_FEATURES";
      case CHALLENGE -> "P_AUTH_CHALLENGE";
      case RESPONSE -> "P_AUTH_RESPONSE";
      case NEGOTIATION, AGREEMENT, DONE -> "the first P_STATE";
    };
  }

  void packet(Packet packet) {
    switch (phase) {
      case FEATURES -> features(packet);
      case CHALLENGE -> challenge(packet);
      case RESPONSE -> response(packet);
      case NEGOTIATION, AGREEMENT, DONE -> throw new IllegalStateException("the handshake is over");
    }
  }

  private void features(Packet packet) {
    if (!(packet instanceof HandshakePacket.ConnectionFeatures peer)) {
      stopWith(
          "the peer began with %s, not with P_CONNECTION_FEATURES".formatted(packet.command()));
      return;
    }
    SessionSettings.Versions versions = settings.versions();
    FeatureOffer own =
        new FeatureOffer(
            versions.min(),
            versions.max(),
            versions.features(),
            settings.ownNodeId(),
            settings.peerNodeId());
    FeatureOffer theirs =
        new FeatureOffer(
            peer.protocolMin(),
            peer.protocolMax(),
            peer.featureFlags(),
            peer.senderNodeId(),
            peer.receiverNodeId());
    switch (FeatureRules.agree(own, theirs, settings.peerNodeId(), settings.otherConnections())) {
      case HandshakeVerdict.Agreed<FeatureAgreement> agreement ->
          agree(
              WireDialect.of(
                  agreement.agreement().protocolVersion(), agreement.agreement().features()));
      case HandshakeVerdict.Stop<FeatureAgreement> stop ->
          session.end(SessionEnd.stop(stop.reason()));
      case HandshakeVerdict.Retry<FeatureAgreement> retry ->
          session.end(SessionEnd.retry(retry.reason()));
    }
  }

  private void agree(WireDialect dialect) {
    agreed = dialect;
    session.speak(dialect);
    SessionSettings.Authentication authentication = settings.authentication();
    if (authentication.hash().isEmpty()) {
      sendProtocol();
      return;
    }
    try {
      hmac =
          Optional.of(
              Hmac.of(
                  authentication.hash(), authentication.secret().getBytes(StandardCharsets.UTF_8)));
    } catch (DigestUnavailableException e) {
      stopWith("cram-hmac-alg: " + e.getMessage());
      return;
    }
    ownChallenge = new byte[AuthenticationRules.CHALLENGE_BYTES];
    random.nextBytes(ownChallenge);
    session.send(new HandshakePacket.AuthChallenge(OpaqueBytes.of(ownChallenge)));
    phase = Phase.CHALLENGE;
  }

  private void challenge(Packet packet) {
    if (!(packet instanceof HandshakePacket.AuthChallenge peer)) {
      stopWith(
          ("the peer sent %s where P_AUTH_CHALLENGE was due:"
                  + " cram-hmac-alg is configured on one side only")
              .formatted(packet.command()));
      return;
    }
    switch (AuthenticationRules.challenge(
        ownChallenge, peer.challenge().toByteArray(), agreed.protocolVersion())) {
      case HandshakeVerdict.Agreed<byte[]> good -> respond(good.agreement());
      case HandshakeVerdict.Stop<byte[]> stop -> stopWith(stop.reason());
      case HandshakeVerdict.Retry<byte[]> retry -> session.end(SessionEnd.retry(retry.reason()));
    }
  }

  private void respond(byte[] challenge) {
    byte[] response = digest(challenge, settings.ownNodeId());
    session.send(new HandshakePacket.AuthResponse(OpaqueBytes.of(response)));
    phase = Phase.RESPONSE;
  }

  private byte[] digest(byte[] challenge, int responder) {
    return hmac.orElseThrow()
        .of(AuthenticationRules.signed(challenge, agreed.protocolVersion(), responder));
  }

  private void response(Packet packet) {
    if (!(packet instanceof HandshakePacket.AuthResponse peer)) {
      session.end(
          SessionEnd.retry(
              "the peer sent %s where P_AUTH_RESPONSE was due".formatted(packet.command())));
      return;
    }
    byte[] expected = digest(ownChallenge, settings.peerNodeId());
    switch (AuthenticationRules.response(expected, peer.response().toByteArray())) {
      case HandshakeVerdict.Agreed<byte[]> ignored -> sendProtocol();
      case HandshakeVerdict.Stop<byte[]> stop -> stopWith(stop.reason());
      case HandshakeVerdict.Retry<byte[]> retry -> session.end(SessionEnd.retry(retry.reason()));
    }
  }

  private void sendProtocol() {
    session.send(new HandshakePacket.Protocol(settings.protocol()));
    phase = Phase.NEGOTIATION;
    limit(limitOfNegotiation());
    session.agreed(agreed);
  }

  private void stopWith(String reason) {
    session.end(SessionEnd.stop(reason));
  }
}
