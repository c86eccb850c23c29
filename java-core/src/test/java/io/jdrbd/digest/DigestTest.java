package io.jdrbd.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Digests against the spec's table (6.18.4) and the published values of each hash. */
class DigestTest {
  private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @CsvSource({
    "md5, 620f0b67a91f7f74151bc5be745b7110, 6ae59e64850377ee5470c854761551ea,"
        + " 25f9e794323b453885f5181f1b624d0b",
    "crc32c, 8941f998, 13fec125, 839206e3",
    "crc32, 00000000, 1b674836, 882dfd2d"
  })
  void digestsAreThoseOfTheKernel(String name, String zeroes, String ones, String digits)
      throws DigestUnavailableException {
    Digest digest = DigestAlgorithm.of(name).create();
    assertThat(hex(digest, new byte[4096])).isEqualTo(zeroes);
    assertThat(hex(digest, filled(4096, -1))).isEqualTo(ones);
    assertThat(hex(digest, DIGITS)).isEqualTo(digits);
  }

  /** The check values of the catalogues; 0xd0db for crct10dif, in the byte order of x86. */
  @ParameterizedTest
  @CsvSource({
    "crct10dif, dbd0",
    "sha1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "sha256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    "sha3-224, 5795c3d628fd638c9835a4c79a55809f265068c88729a1a3fcdf8522"
  })
  void otherHashesHaveTheirPublishedValues(String name, String digits)
      throws DigestUnavailableException {
    assertThat(hex(DigestAlgorithm.of(name).create(), DIGITS)).isEqualTo(digits);
  }

  @ParameterizedTest
  @EnumSource(DigestAlgorithm.class)
  void piecesGiveTheSameAsTheWhole(DigestAlgorithm algorithm) {
    Digest digest = algorithm.create();
    byte[] data = filled(10_000, 7);
    byte[] whole = digest.of(ByteBuffer.wrap(data));
    ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
    digest.update(direct.slice(0, 4097));
    digest.update(direct.slice(4097, data.length - 4097));
    ByteBuffer pieces = ByteBuffer.allocate(algorithm.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    digest.finish(pieces);
    assertThat(pieces.array()).isEqualTo(whole).hasSize(algorithm.bytes());
  }

  @Test
  void unknownDigestSaysWhatThereIs() {
    assertThatThrownBy(() -> DigestAlgorithm.of("whirlpool"))
        .isInstanceOf(DigestUnavailableException.class)
        .hasMessage(
            "digest whirlpool is not available, there are crc32c, crc32, crct10dif, md5, sha1,"
                + " sha224, sha256, sha384, sha512, sha3-224, sha3-256, sha3-384, sha3-512");
  }

  private static String hex(Digest digest, byte[] data) {
    return HexFormat.of().formatHex(digest.of(ByteBuffer.wrap(data)));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
