package io.jdrbd.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vectors of spec 1.7. */
class HmacTest {
  private static final byte[] SECRET = "drbd-secret".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @CsvSource({
    "sha1, f9b38a1647b628bfe48174959a45c549e3cf740d, 18d321e0ab085cd6e093b1c1756d1e9277d162c3,"
        + " 57fbd0395c3a1d847a9fe1fc02b9604a3888114e",
    "sha256, d418aa5f461a4815883581667896862d5a1b18b597494b65aec4a8a4f8227c73,"
        + " 1711e8544e4721ff78de77e7108756b6a4a5be81e8295eaf4ee8a1b7a78c538e,"
        + " f10f6d0d12b5471ae1af4733cd40f5ff69119334ff913012993533c0c00cb6ba"
  })
  void responsesAreThoseOfTheSpec(String hash, String alone, String node0, String node1)
      throws DigestUnavailableException {
    byte[] challenge = new byte[64];
    for (int i = 0; i < challenge.length; i++) {
      challenge[i] = (byte) i;
    }
    Hmac hmac = Hmac.of(hash, SECRET);
    assertThat(HexFormat.of().formatHex(hmac.of(challenge))).isEqualTo(alone);
    assertThat(HexFormat.of().formatHex(hmac.of(challenge, nodeId(0)))).isEqualTo(node0);
    assertThat(HexFormat.of().formatHex(hmac.of(challenge, nodeId(1)))).isEqualTo(node1);
  }

  /** RFC 2104: a short key is filled up with zeroes; the value is the well-known one. */
  @Test
  void emptySecretIsAnEmptyKey() throws DigestUnavailableException {
    assertThat(HexFormat.of().formatHex(Hmac.of("sha1", new byte[0]).of()))
        .isEqualTo("fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
  }

  @Test
  void unknownHashSaysWhatThereIs() {
    assertThatThrownBy(() -> Hmac.of("crc32c", SECRET))
        .isInstanceOf(DigestUnavailableException.class)
        .hasMessage(
            "hmac(crc32c) is not available, there are hmac() of md5, sha1, sha224, sha256,"
                + " sha384, sha512, sha3-224, sha3-256, sha3-384, sha3-512");
  }

  private static byte[] nodeId(int id) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
  }
}
