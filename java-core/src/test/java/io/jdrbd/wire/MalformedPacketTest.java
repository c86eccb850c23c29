package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no DRBD sends is refused with the packet's name, the value and what would be right. */
class MalformedPacketTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # stream, protocol version, header in hex                | message
          DATA    | 101 | 00000000                                 | packet begins with 00000000, must be 8620ec20, 83740267 or 835a
          DATA    | 101 | 83740267000b0019                         | header of format H80, must not be used with protocol version 101
          DATA    | 94  | 8620ec20 0000000b 00000019 00000000      | header of format H100, must not be used with protocol version 94
          DATA    | 101 | 8620ec20 0000000b 00000019 00000001      | header ends with 00000001, must end with 0
          DATA    | 101 | 8620ec20 00000034 00000019 00000000      | command 0x34 is reserved, no DRBD sends it
          DATA    | 101 | 8620ec20 0000005a 00000000 00000000      | command 0x5a is not known, the last one is P_ENABLE_REPLICATION (0x59)
          DATA    | 101 | 8620ec20 00000037 00000000 00000000      | command 0x37 is not known, the last one is P_ENABLE_REPLICATION (0x59)
          CONTROL | 101 | 8620ec20 0000ffff 00000000 00000000      | command 0xffff is not known, the last one is P_ENABLE_REPLICATION (0x59)
          CONTROL | 101 | 8620ec20 00000000 00001018 00000000      | P_DATA: came on the control stream, must come on the other
          DATA    | 101 | 8620ec20 00000013 00000000 00000000      | P_PING: came on the data stream, must come on the other
          CONTROL | 101 | 8620ec20 00000013 00000001 00000000      | P_PING: length 1, must be 0
          DATA    | 101 | 8620ec20 00000000 ffffffff 00000000      | P_DATA: length 4294967295, must be 536 to 1048600
          DATA    | 101 | 8620ec20 00000000 00000018 00000000      | P_DATA: length 24, must be 536 to 1048600
          DATA    | 101 | 8620ec20 00000000 00000219 00000000      | P_DATA: length 537, must be 536 and a multiple of 512
          DATA    | 101 | 8620ec20 0000000d 00000020 00000000      | P_SIZES: length 32, must be 56
          DATA    | 101 | 8620ec20 00000004 00000ff8 00000000      | P_BITMAP: length 4088, must be 0 to 4080
          DATA    | 101 | 8620ec20 00000024 00000001 00000000      | P_COMPRESSED_BITMAP: length 1, must be 2 to 4080
          DATA    | 101 | 8620ec20 0000000b 00000018 00000000      | P_PROTOCOL: length 24, must be 25 to 88
          DATA    | 86  | 83740267 fffe0047                        | P_CONNECTION_FEATURES: length 71, must be 72
          DATA    | 124 | 8620ec20 00000042 00000229 00000000      | P_UUIDS110: length 553, must be 40 to 552
          DATA    | 124 | 8620ec20 00000042 0000002c 00000000      | P_UUIDS110: length 44, must be 40 and a multiple of 8
          DATA    | 124 | 8620ec20 00000050 00000061 00000000      | P_OV_DAGTAG_REPLY: length 97, must be 33 to 96
          """)
  void headerIsRefused(StreamKind stream, int protocolVersion, String hex, String message) {
    PacketDecoder decoder = new PacketDecoder(stream);
    decoder.dialect(WireDialect.of(protocolVersion, 0xf));
    ByteBuf in = bytes(hex);
    assertThatThrownBy(() -> decoder.readHeader(in))
        .isInstanceOf(WireException.class)
        .hasMessage(message);
    assertThat(in.readerIndex()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # command, fixed part in hex | message
          P_DATA           | 4000000000000000 0000000000000001 00000001 00000102 | P_DATA: sector 4611686018427387904, must be less than 18014398509481984
          P_DATA           | ffffffffffffffff 0000000000000001 00000001 00000102 | P_DATA: sector 18446744073709551615, must be less than 18014398509481984
          P_TRIM           | 0000000000000000 0000000000000001 00000001 00000102 00000000 | P_TRIM: size 0, must be a multiple of 512, at least one, at most 134217728
          P_ZEROES         | 0000000000000000 0000000000000001 00000001 00000102 08000200 | P_ZEROES: size 134218240, must be a multiple of 512, at least one, at most 134217728
          P_RS_DAGTAG_REQ  | 0000000000000000 0000000000000001 ffffffff 00000000 0000000000000000 | P_RS_DAGTAG_REQ: size 4294967295, must be a multiple of 512, at least one, at most 1048576
          P_DATA_REQUEST   | 0000000000000000 0000000000000001 00000201 00000000 | P_DATA_REQUEST: size 513, must be a multiple of 512, at least one, at most 1048576
          P_PROTOCOL       | 00000003 00000000 00000000 00000000 00000000 00000000 6d6435 | P_PROTOCOL: name of an algorithm without NUL in 3 bytes
          P_PROTOCOL       | 00000003 00000000 00000000 00000000 00000000 00000000 6d0a3500 | P_PROTOCOL: byte 0x0a in the name of an algorithm, must be printable
          P_PROTOCOL       | 00000003 00000000 00000000 00000000 00000000 00000000 e46435ff00 | P_PROTOCOL: byte 0xe4 in the name of an algorithm, must be printable
          P_STATE          | 00000003 | P_STATE: role 3, must be at most 2
          P_STATE          | 000001f1 | P_STATE: conn 31, must be at most 23
          P_STATE          | 00001401 | P_STATE: disk 10, must be at most 9
          P_UUIDS110       | 0000000000000001 0000000000000000 0000000000000000 0000000000000000 0000000100000000 | P_UUIDS110: bitmap mask 0000000100000000, must have bits 0 to 31 only
          P_UUIDS110       | 0000000000000001 0000000000000000 0000000000000000 0000000000000000 0000000000000003 0000000000000000 | P_UUIDS110: 1 values after the bitmap mask 3, must be 2 at least
          P_TWOPC_PREPARE  | 5eed0001 c0000000 00002001 ffffffff fffffffc 00000000 00000000 000001f3 00000092 | P_TWOPC_PREPARE: node id 32, must be less than 32
          P_TWOPC_PREPARE  | 5eed0001 c0000000 000000fe ffffffff fffffffc 00000000 00000000 000001f3 00000092 | P_TWOPC_PREPARE: node id 4294967294, must be less than 32
          P_TWOPC_YES      | 5eed0001 ffffffff 00000000 00000003 00000000 00000002 ffffffff fffffffc | P_TWOPC_YES: node id 4294967295, must be less than 32
          P_PEER_DAGTAG    | 0000000000000001 00000020 | P_PEER_DAGTAG: node id 32, must be less than 32
          P_OV_RESULT_ID   | 0000000000000001 0000000000000001 00001000 00000001 00000003 00000000 | P_OV_RESULT_ID: result 3, must be 0, 1 or 2
          P_COMPRESSED_BITMAP | 0100 | P_COMPRESSED_BITMAP: encoding 1, must be 2
          """)
  void fixedPartIsRefused(Command command, String hex, String message) throws WireException {
    ByteBuf in = bytes(hex);
    int payloadBytes = command == Command.P_DATA ? 24 + 512 : in.readableBytes();
    WireDialect dialect = WireDialect.of(124, 0x3ff);
    PayloadBounds.check(command, payloadBytes, dialect);
    assertThatThrownBy(() -> PacketReaders.read(command, in, payloadBytes, dialect))
        .isInstanceOf(WireException.class)
        .hasMessage(message);
  }

  @Test
  void firstPacketMustBeOne() {
    assertThatThrownBy(() -> FirstPacket.read(bytes("83740267fffe0048")))
        .isInstanceOf(WireException.class)
        .hasMessage(
            "first packet is 0xfffe with a header of format H80, must be P_INITIAL_DATA or"
                + " P_INITIAL_META with one of format H80");
    assertThatThrownBy(() -> FirstPacket.read(bytes("474554202f20485454")))
        .isInstanceOf(WireException.class)
        .hasMessage("packet begins with 47455420, must be 8620ec20, 83740267 or 835a");
    assertThatThrownBy(() -> FirstPacket.read(bytes("8620ec20fff20000")))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("with a header of format H100");
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
