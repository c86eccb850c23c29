package io.jdrbd.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplyEncoderTest {
  private static final long COOKIE = 0x1122334455667788L;
  private static final long OFFSET = 0x2000;

  private final ReplyEncoder simple = new ReplyEncoder(ReplyMode.SIMPLE);
  private final ReplyEncoder structured = new ReplyEncoder(ReplyMode.STRUCTURED);
  private final ReplyEncoder extended = new ReplyEncoder(ReplyMode.EXTENDED);

  @Test
  void successWithoutData() {
    String expected = Hex.digits("67446698 00000000 1122334455667788");
    assertThat(Hex.written(out -> simple.status(out, NbdError.NONE, COOKIE, OFFSET)))
        .isEqualTo(expected);
    assertThat(Hex.written(out -> structured.status(out, NbdError.NONE, COOKIE, OFFSET)))
        .isEqualTo(expected);
    assertThat(Hex.written(out -> extended.status(out, NbdError.NONE, COOKIE, OFFSET)))
        .isEqualTo(
            Hex.digits("6e8a278c 0001 0000 1122334455667788 0000000000002000 0000000000000000"));
  }

  @Test
  void errorWithoutText() {
    String expected = Hex.digits("67446698 0000001c 1122334455667788");
    assertThat(Hex.written(out -> simple.error(out, NbdError.ENOSPC, COOKIE, OFFSET, "full")))
        .isEqualTo(expected);
    assertThat(Hex.written(out -> structured.status(out, NbdError.ENOSPC, COOKIE, OFFSET)))
        .isEqualTo(expected);
    assertThat(Hex.written(out -> extended.status(out, NbdError.ENOSPC, COOKIE, OFFSET)))
        .isEqualTo(
            Hex.digits(
                "6e8a278c 0001 8001 1122334455667788 0000000000002000 0000000000000006"
                    + " 0000001c 0000"));
  }

  @Test
  void errorWithText() {
    assertThat(Hex.written(out -> structured.error(out, NbdError.EIO, COOKIE, OFFSET, "bad")))
        .isEqualTo(Hex.digits("668e33ef 0001 8001 1122334455667788 00000009 00000005 0003 626164"));
  }

  @ParameterizedTest
  @EnumSource(ReplyMode.class)
  void noErrorIsLongerThanItsRoom(ReplyMode mode) {
    ReplyEncoder encoder = new ReplyEncoder(mode);
    String text = "\u20ac".repeat(500);
    String written = Hex.written(out -> encoder.error(out, NbdError.EIO, COOKIE, OFFSET, text));
    assertThat(written.length() / 2).isLessThanOrEqualTo(ReplyEncoder.MAX_BYTES);
  }

  @Test
  void dataOfRead() {
    assertThat(Hex.written(out -> simple.simpleData(out, COOKIE)))
        .isEqualTo(Hex.digits("67446698 00000000 1122334455667788"));
    assertThat(Hex.written(out -> structured.dataChunk(out, false, COOKIE, OFFSET, 0x3000, 0x1000)))
        .isEqualTo(Hex.digits("668e33ef 0000 0001 1122334455667788 00001008 0000000000003000"));
    assertThat(Hex.written(out -> extended.dataChunk(out, true, COOKIE, OFFSET, 0x3000, 0x1000)))
        .isEqualTo(
            Hex.digits(
                "6e8a278c 0001 0001 1122334455667788 0000000000002000 0000000000001008"
                    + " 0000000000003000"));
  }

  @Test
  void blockStatus() {
    assertThat(
            Hex.written(
                out -> {
                  structured.blockStatus(out, true, COOKIE, OFFSET, 1, 2);
                  structured.extent(out, 0x1000, 0);
                  structured.extent(out, 0xffff_f000L, 3);
                }))
        .isEqualTo(
            Hex.digits(
                "668e33ef 0001 0005 1122334455667788 00000014 00000001"
                    + " 00001000 00000000 fffff000 00000003"));
    assertThat(
            Hex.written(
                out -> {
                  extended.blockStatus(out, true, COOKIE, OFFSET, 1, 1);
                  extended.extent(out, 1L << 40, 3);
                }))
        .isEqualTo(
            Hex.digits(
                "6e8a278c 0001 0006 1122334455667788 0000000000002000 0000000000000018"
                    + " 00000001 00000001 0000010000000000 0000000000000003"));
  }
}
