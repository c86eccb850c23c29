package io.jdrbd.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskGeometry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private static final int GO = NbdOption.GO.number();
  private static final DiskGeometry GEOMETRY = new DiskGeometry(1 << 20, 1, 4096, 4096, true, true);

  @Test
  void greeting() {
    assertThat(Hex.written(HandshakeEncoder::greeting))
        .isEqualTo(Hex.digits("4e42444d41474943 49484156454f5054 0003"));
  }

  @Test
  void replies() {
    assertThat(Hex.written(out -> HandshakeEncoder.reply(out, GO, OptionReply.ACK)))
        .isEqualTo(Hex.digits("0003e889045565a9 00000007 00000001 00000000"));
    assertThat(Hex.written(out -> HandshakeEncoder.reply(out, 99, OptionReply.ERR_UNSUP, "no")))
        .isEqualTo(Hex.digits("0003e889045565a9 00000063 80000001 00000002 6e6f"));
    assertThat(Hex.written(out -> HandshakeEncoder.server(out, 3, "r0/0", "x")))
        .isEqualTo(Hex.digits("0003e889045565a9 00000003 00000002 00000009 00000004 72302f30 78"));
    assertThat(Hex.written(out -> HandshakeEncoder.metaContext(out, 10, 1, "a:b")))
        .isEqualTo(Hex.digits("0003e889045565a9 0000000a 00000004 00000007 00000001 613a62"));
  }

  @Test
  void exportInfo() {
    ExportInfo info = ExportInfo.of(GEOMETRY, false, ReplyMode.SIMPLE);
    assertThat(Hex.written(out -> HandshakeEncoder.exportInfo(out, GO, info)))
        .isEqualTo(
            Hex.digits("0003e889045565a9 00000007 00000003 0000000c 0000 0000000000100000 0d6d"));
    assertThat(Hex.written(out -> HandshakeEncoder.blockSizeInfo(out, GO, info)))
        .isEqualTo(
            Hex.digits(
                "0003e889045565a9 00000007 00000003 0000000e 0003 00000001 00001000 02000000"));
    assertThat(Hex.written(out -> HandshakeEncoder.textInfo(out, GO, InfoType.NAME, "n")))
        .isEqualTo(Hex.digits("0003e889045565a9 00000007 00000003 00000003 0001 6e"));
    assertThat(Hex.written(out -> HandshakeEncoder.exportNameReply(out, info, true)))
        .isEqualTo(Hex.digits("0000000000100000 0d6d"));
    assertThat(Hex.written(out -> HandshakeEncoder.exportNameReply(out, info, false)))
        .isEqualTo(Hex.digits("0000000000100000 0d6d") + "00".repeat(124));
  }

  @Test
  void flagsFollowFromDiskAndHeaders() {
    assertThat(ExportInfo.of(GEOMETRY, true, ReplyMode.SIMPLE).flags())
        .containsExactlyInAnyOrder(
            TransmissionFlag.HAS_FLAGS,
            TransmissionFlag.READ_ONLY,
            TransmissionFlag.SEND_FLUSH,
            TransmissionFlag.SEND_CACHE,
            TransmissionFlag.CAN_MULTI_CONN);
    DiskGeometry noDiscard = new DiskGeometry(1 << 20, 512, 512, 0, true, true);
    assertThat(ExportInfo.of(noDiscard, false, ReplyMode.EXTENDED).flags())
        .contains(TransmissionFlag.SEND_DF, TransmissionFlag.BLOCK_STAT_PAYLOAD)
        .doesNotContain(TransmissionFlag.SEND_TRIM, TransmissionFlag.ROTATIONAL);
  }

  @Test
  void infoQuery() throws OptionFormatException {
    ByteBuf data = Hex.bytes("00000002 7230 0003 0003 0001 00ff");
    assertThat(InfoQuery.decode(data))
        .isEqualTo(new InfoQuery("r0", Set.of(InfoType.BLOCK_SIZE, InfoType.NAME)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', the length of the export name is missing",
    "00000003 6162, 'export name of 3 bytes is announced, 2 bytes follow'",
    "ffffffff, 'export name of 4294967295 bytes is announced, 0 bytes follow'",
    "00000001 61, the number of information requests is missing",
    "00000001 61 0002 0001, '2 information requests are announced, 2 bytes follow'",
    "00000001 61 0000 00, '0 information requests are announced, 1 bytes follow'",
    "00000002 6100 0000, export name contains a NUL character"
  })
  void malformedInfoQuery(String hex, String message) {
    assertThatThrownBy(() -> InfoQuery.decode(Hex.bytes(hex)))
        .isInstanceOf(OptionFormatException.class)
        .hasMessage(message);
  }

  @Test
  void namesAreNoLongerThanTheProtocolAllows() throws OptionFormatException {
    assertThat(InfoQuery.decodeName(Unpooled.buffer().writeZero(0))).isEmpty();
    ByteBuf tooLong = Unpooled.buffer();
    for (int i = 0; i < 4097; i++) {
      tooLong.writeByte('x');
    }
    assertThat(InfoQuery.decodeName(tooLong.duplicate().writerIndex(4096))).hasSize(4096);
    assertThatThrownBy(() -> InfoQuery.decodeName(tooLong))
        .hasMessage("export name of 4097 bytes: at most 4096 are allowed");
  }

  @Test
  void metaContextQuery() throws OptionFormatException {
    ByteBuf data = Hex.bytes("00000000 00000002 00000005 626173653a 00000003 783a79");
    MetaContextQuery query = MetaContextQuery.decode(data);
    assertThat(query).isEqualTo(new MetaContextQuery("", List.of("base:", "x:y")));
    assertThat(query.listsAllocation()).isTrue();
    assertThat(query.selectsAllocation()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"base:allocation, true, true", "base:, true, false", "base:dirty, false, false"})
  void contexts(String query, boolean lists, boolean selects) {
    MetaContextQuery parsed = new MetaContextQuery("", List.of(query));
    assertThat(parsed.listsAllocation()).isEqualTo(lists);
    assertThat(parsed.selectsAllocation()).isEqualTo(selects);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000",
        "00000000 00000001",
        "00000000 ffffffff 00000000",
        "00000000 00000001 00000004 6162",
        "00000000 00000000 00"
      })
  void malformedMetaContextQuery(String hex) {
    assertThatThrownBy(() -> MetaContextQuery.decode(Hex.bytes(hex)))
        .isInstanceOf(OptionFormatException.class);
  }

  @Test
  void optionHeader() throws ProtocolException {
    assertThat(OptionHeader.decode(Hex.bytes("49484156454f5054 00000007 ffffffff")))
        .isEqualTo(new OptionHeader(7, 0xffffffffL));
    assertThatThrownBy(() -> OptionHeader.decode(Hex.bytes("4e42444d41474943 00000007 00000000")))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("option begins with 0x4e42444d41474943 instead of 0x49484156454f5054");
  }
}
