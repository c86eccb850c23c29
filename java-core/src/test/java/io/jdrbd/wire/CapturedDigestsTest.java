package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.digest.Digest;
import io.jdrbd.digest.DigestAlgorithm;
import io.jdrbd.digest.DigestUnavailableException;
import io.jdrbd.digest.Hmac;
import io.jdrbd.wire.HandshakePacket.AuthChallenge;
import io.jdrbd.wire.HandshakePacket.AuthResponse;
import io.jdrbd.wire.capture.Capture;
import io.jdrbd.wire.capture.CapturedConnection;
import io.jdrbd.wire.capture.CapturedPacket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What real nodes computed, computed again: digests of data, responses to challenges. */
class CapturedDigestsTest {
  private static final List<String> SECRETS =
      List.of("wire testbed secret", "one secret", "another secret");

  /** The hash of these scenarios is crc32c. */
  @Test
  void digestsBeforeDataAreThoseOfTheData() throws WireException {
    Map<Command, Integer> checked = new EnumMap<>(Command.class);
    Digest crc32c = DigestAlgorithm.CRC32C.create();
    for (CapturedConnection connection : connectionsOf("integrity")) {
      for (CapturedPacket packet : connection.packets()) {
        if (hasDigestAndData(packet)) {
          assertThat(crc32c.of(ByteBuffer.wrap(packet.data())))
              .as("%s: %s", connection.scenario(), packet)
              .isEqualTo(packet.digest());
          checked.merge(packet.packet().command(), 1, Integer::sum);
        }
      }
    }
    assertThat(checked)
        .containsOnlyKeys(Command.P_DATA, Command.P_DATA_REPLY, Command.P_RS_DATA_REPLY);
  }

  private static boolean hasDigestAndData(CapturedPacket packet) {
    return switch (packet.packet()) {
      case WritePacket.Data data -> data.digestBytes() > 0 && packet.bulkIsWhole();
      case ReplyPacket.DataReply data -> data.digestBytes() > 0 && packet.bulkIsWhole();
      case ReplyPacket.RsDataReply data -> data.digestBytes() > 0 && packet.bulkIsWhole();
      default -> false;
    };
  }

  @Test
  void responsesAreTheHmacOfTheChallenge() throws Exception {
    int checked = 0;
    for (CapturedConnection connection : connectionsOf("auth")) {
      for (CapturedPacket packet : connection.packets()) {
        if (packet.packet() instanceof AuthResponse response) {
          assertThat(isExpected(connection, packet.sender(), response))
              .as("%s: %s", connection.scenario(), packet)
              .isTrue();
          checked++;
        }
      }
    }
    assertThat(checked).isEqualTo(56);
  }

  private static List<CapturedConnection> connectionsOf(String scenario) throws WireException {
    List<CapturedConnection> connections = new ArrayList<>();
    for (String name : Capture.names()) {
      if (name.contains(scenario)) {
        connections.addAll(Capture.load(name));
      }
    }
    return connections;
  }

  private static boolean isExpected(
      CapturedConnection connection, int responder, AuthResponse response)
      throws DigestUnavailableException {
    byte[] challenge =
        connection.sent(connection.peerOf(responder), StreamKind.DATA).stream()
            .map(CapturedPacket::packet)
            .filter(AuthChallenge.class::isInstance)
            .map(packet -> ((AuthChallenge) packet).challenge().toByteArray())
            .findFirst()
            .orElseThrow();
    byte[] nodeId =
        connection.dialect().isVersion9()
            ? ByteBuffer.allocate(Integer.BYTES).putInt(responder).array()
            : new byte[0];
    String hash = response.response().length() == 20 ? "sha1" : "sha256";
    for (String secret : SECRETS) {
      Hmac hmac = Hmac.of(hash, secret.getBytes(StandardCharsets.US_ASCII));
      if (OpaqueBytes.of(hmac.of(challenge, nodeId)).equals(response.response())) {
        return true;
      }
    }
    return false;
  }
}
