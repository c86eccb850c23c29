package io.jdrbd.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes are those of a little-endian machine; on another one they are read backwards. */
class NetlinkCodingTest {

  @Test
  void askingForAFamilyIsWhatTheControllerExpects() {
    ByteBuffer payload = new GenericMessage(Family.COMMAND_GET, 2, Family.question("nbd")).encode();

    ByteBuffer message = new NetlinkMessage(0x10, 0x05, 7, 0, payload).encode();

    assertThat(message)
        .isEqualTo(
            golden(
                "1c000000 1000 0500 07000000 00000000" // 28 bytes, nlctrl, REQUEST|ACK, sequence 7
                    + "03 02 0000" // CTRL_CMD_GETFAMILY, version 2
                    + "0800 0200 6e626400")); // CTRL_ATTR_FAMILY_NAME "nbd"
  }

  @Test
  void attributesArePaddedAndNestedOnesAreMarked() {
    Attributes attributes =
        Attributes.NONE
            .withU8(1, 0xff)
            .withU16(2, 0x1234)
            .withU32(3, 0x12345678)
            .withU64(4, 0x123456789abcdef0L)
            .withString(5, "abcd")
            .withNested(6, Attributes.NONE.withU32(1, 9));

    assertThat(attributes.encode())
        .isEqualTo(
            golden(
                "0500 0100 ff000000"
                    + "0600 0200 34120000"
                    + "0800 0300 78563412"
                    + "0c00 0400 f0debc9a78563412"
                    + "0900 0500 61626364 00000000"
                    + "0c00 0680 0800 0100 09000000"));
  }

  @Test
  void whatIsEncodedIsReadBack() throws NetlinkFormatException {
    Attributes attributes =
        Attributes.parse(
            Attributes.NONE
                .withU8(1, 0xff)
                .withU16(2, 0xfffe)
                .withU32(3, -3)
                .withU64(4, -4)
                .withString(5, "/dev/nbd0")
                .withNested(6, Attributes.NONE.withNested(1, Attributes.NONE.withU32(1, 9)))
                .encode());

    assertThat(attributes.number(1)).contains(0xffL);
    assertThat(attributes.number(2)).contains(0xfffeL);
    assertThat(attributes.number(3)).contains(0xfffffffdL);
    assertThat(attributes.number(4)).contains(-4L);
    assertThat(attributes.string(5)).contains("/dev/nbd0");
    assertThat(attributes.nested(6).items().getFirst().requireNumber(1)).isEqualTo(9);
    assertThat(attributes.number(7)).isEmpty();
    assertThat(attributes.string(7)).isEmpty();
    assertThat(attributes.nested(7)).isEqualTo(Attributes.NONE);
  }

  @Test
  void severalMessagesOfOneDatagramAreToldApart() throws NetlinkFormatException {
    ByteBuffer datagram =
        golden(
            "15000000 1c00 0200 01000000 02000000 aa00000000 000000" // 21 bytes, padded to 24
                + "10000000 0300 0000 01000000 02000000");

    List<NetlinkMessage> messages = NetlinkMessage.parseAll(datagram);

    assertThat(messages).hasSize(2);
    assertThat(messages.get(0).type()).isEqualTo(0x1c);
    assertThat(messages.get(0).sequence()).isEqualTo(1);
    assertThat(messages.get(0).port()).isEqualTo(2);
    assertThat(messages.get(0).payload()).isEqualTo(golden("aa00000000"));
    assertThat(messages.get(1).type()).isEqualTo(NetlinkMessage.TYPE_DONE);
    assertThat(messages.get(1).payload().limit()).isZero();
  }

  @Test
  void theKernelsOwnWordsAreFoundInAnError() throws NetlinkFormatException {
    // error -22, the request's header (payload capped), NLMSGERR_ATTR_MSG "no"
    ByteBuffer payload =
        golden("eaffffff 14000000 1000 0500 07000000 00000000" + "0700 0100 6e6f0000");

    Acknowledgement acknowledgement =
        Acknowledgement.parse(new NetlinkMessage(2, 0x300, 7, 0, payload));

    assertThat(acknowledgement).isEqualTo(new Acknowledgement(22, "no"));
  }

  @Test
  void wordsAreFoundBehindARequestThatWasSentBackWhole() throws NetlinkFormatException {
    ByteBuffer payload =
        golden("ffffffff 14000000 1000 0500 07000000 00000000 03020000" + "0700 0100 6e6f0000");

    Acknowledgement acknowledgement =
        Acknowledgement.parse(new NetlinkMessage(2, 0x200, 7, 0, payload));

    assertThat(acknowledgement).isEqualTo(new Acknowledgement(1, "no"));
  }

  @ParameterizedTest
  @CsvSource({
    "0300 0100, 'attribute 1 at 0: length 3 of 4 bytes'",
    "0900 0100 00000000, 'attribute 1 at 0: length 9 of 8 bytes'",
  })
  void anAttributeThatDoesNotFitIsRefused(String bytes, String message) {
    assertThatThrownBy(() -> Attributes.parse(golden(bytes)))
        .isInstanceOf(NetlinkFormatException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0f000000 0000 0000 00000000 00000000, length 15 of 16",
    "11000000 0000 0000 00000000 00000000, length 17 of 16",
    "ffffffff 0000 0000 00000000 00000000, length -1 of 16",
    "10000000, length 4 of 4",
  })
  void aMessageThatDoesNotFitIsRefused(String bytes, String message) {
    assertThatThrownBy(() -> NetlinkMessage.parseAll(golden(bytes)))
        .isInstanceOf(NetlinkFormatException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0x300, eaffffff",
    "0x200, eaffffff ffffffff 1000 0500 07000000 00000000",
    "0x200, eaffffff 14000000 1000 0500 07000000 00000000",
  })
  void anErrorThatDoesNotFitIsRefused(String flags, String bytes) {
    var message = new NetlinkMessage(2, Integer.decode(flags), 7, 0, golden(bytes));

    assertThatThrownBy(() -> Acknowledgement.parse(message))
        .isInstanceOf(NetlinkFormatException.class);
  }

  @Test
  void whatIsNotANumberIsNotReadAsOne() throws NetlinkFormatException {
    Attributes attributes = Attributes.NONE.withString(1, "ab");

    assertThatThrownBy(() -> attributes.number(1)).hasMessageContaining("3 bytes are not a number");
    assertThatThrownBy(() -> attributes.requireNumber(2)).hasMessageContaining("2 is missing");
  }

  private static ByteBuffer golden(String littleEndianHex) {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    return ByteBuffer.wrap(HexFormat.of().parseHex(littleEndianHex.replace(" ", "")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
