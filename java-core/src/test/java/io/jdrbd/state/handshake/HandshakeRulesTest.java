package io.jdrbd.state.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec 1.6.3, 1.7, 1.8.2 and 1.9, row by row. */
class HandshakeRulesTest {

  @ParameterizedTest(name = "{0}..{1} with {3}..{4}: {8}")
  @CsvSource({
    // own min, max, flags; peer min, max, flags, sender, receiver; other peers -> result
    "86, 122, 0x7f, 86, 124, 0x3ff, 1, 0, false, Agreed 122 7f",
    "86, 124, 0x3ff, 86, 123, 0x7f, 1, 0, false, Agreed 123 7f",
    "86, 122, 0x7f, 86, 101, 0x0f, 0, 0, false, Agreed 101 f",
    "86, 122, 0x7f, 86, 101, 0x0f, 0, 0, true, Stop",
    "86, 122, 0x7f, 86, 0, 0x0f, 0, 0, false, Agreed 86 f",
    "100, 122, 0x7f, 86, 97, 0x0f, 0, 0, false, Stop",
    "86, 101, 0x0f, 118, 124, 0x3ff, 1, 0, false, Stop",
    "86, 122, 0x7f, 86, 117, 0x0f, 1, 0, false, Stop",
    "86, 122, 0x7f, 86, 110, 0x0f, 1, 0, false, Stop",
    "86, 122, 0x7f, 86, 121, 0x7f, 1, 0, false, Stop",
    "86, 122, 0x6f, 86, 121, 0x7f, 1, 0, false, Agreed 121 6f",
    "86, 122, 0x7f, 86, 118, 0x0f, 1, 0, false, Agreed 118 f",
    "86, 122, 0x7f, 86, 122, 0x7f, 2, 0, false, Retry",
    "86, 122, 0x7f, 86, 122, 0x7f, 1, 3, false, Retry",
  })
  void features(
      int min,
      int max,
      String flags,
      int peerMin,
      int peerMax,
      String peerFlags,
      int sender,
      int receiver,
      boolean others,
      String expected) {
    HandshakeVerdict<FeatureAgreement> verdict =
        FeatureRules.agree(
            new FeatureOffer(min, max, Integer.decode(flags), 0, 1),
            new FeatureOffer(peerMin, peerMax, Integer.decode(peerFlags), sender, receiver),
            1,
            others);
    assertThat(
            verdict instanceof HandshakeVerdict.Agreed<FeatureAgreement>(var agreed, var reason)
                ? "Agreed %d %x".formatted(agreed.protocolVersion(), agreed.features())
                : name(verdict))
        .as(verdict.reason())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void faults(HandshakeFault fault) {
    Set<HandshakeFault> retried =
        Set.of(HandshakeFault.STREAM_ENDED, HandshakeFault.NOT_A_RESPONSE);
    assertThat(name(fault.verdict())).isEqualTo(retried.contains(fault) ? "Retry" : "Stop");
  }

  @ParameterizedTest(name = "{0} bytes at version {1}, mirrored {2}")
  @CsvSource({
    "64, 122, false, Agreed",
    "64, 122, true, Stop",
    "65, 122, false, Stop",
    "63, 101, false, Stop",
    "128, 101, false, Agreed",
    "129, 101, false, Stop",
    "64, 101, true, Stop",
  })
  void challenge(int bytes, int version, boolean mirrored, String expected) {
    byte[] own = new byte[64];
    byte[] peer = new byte[bytes];
    if (!mirrored) {
      Arrays.fill(peer, (byte) 7);
    }
    assertThat(name(AuthenticationRules.challenge(own, peer, version))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0102, 0102, Agreed", "0102, 0103, Stop", "0102, 010203, Retry"})
  void response(String expected, String received, String verdict) {
    HexFormat hex = HexFormat.of();
    assertThat(name(AuthenticationRules.response(hex.parseHex(expected), hex.parseHex(received))))
        .isEqualTo(verdict);
  }

  /** The vectors of spec 1.7: secret "drbd-secret", challenge 00 01 .. 3f. */
  @ParameterizedTest(name = "{0}, version {1}, node {2}")
  @CsvSource({
    "HmacSHA1, 101, 0, f9b38a1647b628bfe48174959a45c549e3cf740d",
    "HmacSHA1, 122, 0, 18d321e0ab085cd6e093b1c1756d1e9277d162c3",
    "HmacSHA1, 122, 1, 57fbd0395c3a1d847a9fe1fc02b9604a3888114e",
    "HmacSHA256, 122, 1, f10f6d0d12b5471ae1af4733cd40f5ff69119334ff913012993533c0c00cb6ba",
  })
  void whatIsSigned(String mac, int version, int node, String expected)
      throws GeneralSecurityException {
    byte[] challenge = new byte[64];
    for (int i = 0; i < challenge.length; i++) {
      challenge[i] = (byte) i;
    }
    Mac hmac = Mac.getInstance(mac);
    hmac.init(new SecretKeySpec("drbd-secret".getBytes(StandardCharsets.US_ASCII), mac));
    byte[] digest = hmac.doFinal(AuthenticationRules.signed(challenge, version, node));
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} / {1}: {2} {3}")
  @CsvSource({
    // protocol,0,1,2,discard,two,alg
    "C 0 0 0 n n -,      C 0 0 0 n n -,      Agreed, both sides fit",
    "C 0 0 0 n n crc32c, C 0 0 0 n n crc32c, Agreed, both sides fit",
    "C 0 0 0 n n -,      A 0 0 0 n n -,      Stop, 'protocol differs: C here, A at the peer'",
    "C 3 0 0 n n -,      C 4 0 0 n n -,      Stop, after-sb-0pri differs: discard-zero-changes",
    "C 0 8 0 n n -,      C 0 0 0 n n -,      Stop, after-sb-1pri",
    "C 0 0 10 n n -,     C 0 0 0 n n -,      Stop, after-sb-2pri",
    "C 5 0 0 n n -,      C 6 0 0 n n -,      Agreed, both sides fit",
    "C 6 0 0 n n -,      C 5 0 0 n n -,      Agreed, both sides fit",
    "C 5 0 0 n n -,      C 5 0 0 n n -,      Stop, after-sb-0pri",
    "C 99 0 0 n n -,     C 98 0 0 n n -,     Stop, policy 98",
    "C 0 0 0 y n -,      C 0 0 0 n n -,      Agreed, both sides fit",
    "C 0 0 0 y n -,      C 0 0 0 y n -,      Stop, both sides were told",
    "C 0 0 0 n y -,      C 0 0 0 n n -,      Stop, allow-two-primaries differs: yes here",
    "C 0 0 0 n n -,      C 0 0 0 n n sha1,   Stop, data-integrity-alg differs: none here",
    "C 0 0 0 n n SHA1,   C 0 0 0 n n sha1,   Stop, data-integrity-alg",
    "C 0 0 0 n n foo,    C 0 0 0 n n foo,    Stop, foo is not known here",
    "A 0 0 0 y n -,      C 3 0 0 y y sha1,   Stop, protocol differs",
  })
  void protocol(String own, String peer, String expected, String reason) {
    HandshakeVerdict<ProtocolTerms> verdict =
        ProtocolRules.check(terms(own), terms(peer), 122, Set.of("crc32c", "sha1")::contains);
    assertThat(name(verdict)).isEqualTo(expected);
    assertThat(verdict.reason()).contains(reason);
  }

  private static ProtocolTerms terms(String text) {
    String[] words = text.split(" ", -1);
    return new ProtocolTerms(
        words[0].charAt(0) - 'A' + 1,
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        words[4].equals("y"),
        false,
        words[5].equals("y"),
        words[6].equals("-") ? "" : words[6]);
  }

  @Test
  void anAlgorithmThatIsTooLongIsAPacketFault() {
    ProtocolTerms own = terms("C 0 0 0 n n -");
    ProtocolTerms peer = terms("C 0 0 0 n n " + "x".repeat(65));
    assertThat(name(ProtocolRules.check(own, peer, 122, name -> true))).isEqualTo("Retry");
  }

  @Test
  void oldPeersKnowNoDryRun() {
    ProtocolTerms plain = terms("C 0 0 0 n n -");
    ProtocolTerms own = new ProtocolTerms(3, 0, 0, 0, false, true, false, "");
    assertThat(name(ProtocolRules.check(own, plain, 91, name -> true))).isEqualTo("Stop");
    assertThat(name(ProtocolRules.check(own, plain, 92, name -> true))).isEqualTo("Agreed");
  }

  @ParameterizedTest(name = "{0} / {1}, settled {2}: {3}")
  @CsvSource({
    "sha1, sha1, false, Agreed",
    "sha1, md5,  false, Stop",
    "sha1, '',   false, Stop",
    "sha1, md5,  true,  Agreed",
    "sha1, '',   true,  Agreed",
    "sha1, foo,  true,  Stop",
  })
  void algorithms(String own, String peer, boolean settled, String expected) {
    assertThat(
            name(
                ProtocolRules.algorithm(
                    "verify-alg", own, peer, settled, Set.of("sha1", "md5")::contains)))
        .isEqualTo(expected);
  }

  private static String name(HandshakeVerdict<?> verdict) {
    return verdict.getClass().getSimpleName();
  }
}
