package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.wire.AckPacket.BlockAck;
import io.jdrbd.wire.AckPacket.ConfirmStable;
import io.jdrbd.wire.ChangeStreamPacket.PeerAck;
import io.jdrbd.wire.HandshakePacket.ConnectionFeatures;
import io.jdrbd.wire.HandshakePacket.Protocol;
import io.jdrbd.wire.KeepalivePacket.DelayProbe;
import io.jdrbd.wire.KeepalivePacket.Ping;
import io.jdrbd.wire.NegotiationPacket.ResyncRates;
import io.jdrbd.wire.NegotiationPacket.Sizes;
import io.jdrbd.wire.NegotiationPacket.SyncParam;
import io.jdrbd.wire.NegotiationPacket.SyncParam89;
import io.jdrbd.wire.ReplyPacket.RsDataReply;
import io.jdrbd.wire.StatePacket.State;
import io.jdrbd.wire.TwopcPacket.TwopcCommit;
import io.jdrbd.wire.TwopcPacket.TwopcPrepare;
import io.jdrbd.wire.TwopcPacket.TwopcPrepareResize;
import io.jdrbd.wire.TwopcPacket.TwopcReply;
import io.jdrbd.wire.UuidPacket.Uuids;
import io.jdrbd.wire.UuidPacket.Uuids110;
import io.jdrbd.wire.WritePacket.Barrier;
import io.jdrbd.wire.WritePacket.Data;
import io.jdrbd.wire.WritePacket.Trim;
import io.jdrbd.wire.WritePacket.Zeroes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worked examples of the spec, and by hand the packets and layouts that no capture holds. */
class PacketLayoutTest {
  private static final int ALL = 0x3ff;
  private static final WireDialect PV124 = WireDialect.of(124, ALL);
  private static final WireDialect PV101 = WireDialect.of(101, 0xf);
  private static final long BLOCK_ID = 0x00c4b3a28188ffffL;
  private static final int NONE = HeaderFormat.NO_VOLUME;

  /** A packet, how it is spoken, and its header and fixed part. */
  record Row(String from, WireDialect dialect, int volume, Packet packet, String hex) {
    @Override
    public String toString() {
      return from + " " + packet.command();
    }
  }

  private static Row row(String from, WireDialect dialect, int volume, Packet packet, String hex) {
    return new Row(from, dialect, volume, packet, hex.replaceAll("[ |]", ""));
  }

  static Stream<Row> handshake() {
    return Stream.of(
        row(
            "1.6.1",
            WireDialect.BEFORE_AGREEMENT,
            0,
            new ConnectionFeatures(86, 0x3ff, 124, 1, 0),
            "83740267fffe0048 00000056 000003ff 0000007c 00000001 00000000" + "00".repeat(52)),
        row("1.5", PV124, NONE, new Ping(), "8620ec20ffff00130000000000000000"),
        row("1.5", PV101, 0, new Ping(), "8620ec20000000130000000000000000"),
        row(
            "1.8.1",
            PV124,
            NONE,
            new Protocol(new ProtocolSettings(3, 0, 0, 0, 0, 0, "")),
            "8620ec20ffff000b0000001900000000 00000003" + "00".repeat(21)),
        row(
            "1.8.1",
            PV124,
            NONE,
            new Protocol(new ProtocolSettings(3, 3, 8, 0, 0, 0, "crc32c")),
            "8620ec20ffff000b0000001f00000000 00000003 00000003 00000008 00000000 00000000"
                + " 00000000 63726333326300"),
        row(
            "1.8.1 below 87",
            WireDialect.of(86, 0),
            0,
            new Protocol(new ProtocolSettings(1, 0, 0, 0, 2, 0, "")),
            "83740267000b0018 00000001" + "00".repeat(12) + "00000002 00000000"),
        row(
            "1.9 to 87",
            WireDialect.of(87, 0),
            0,
            new SyncParam(250, ""),
            "83740267000a0004 000000fa"),
        row(
            "1.9 at 88",
            WireDialect.of(88, 0),
            0,
            new SyncParam(250, "md5"),
            "83740267000a0008 000000fa 6d643500"),
        row(
            "1.9 to 94",
            WireDialect.of(94, 0),
            0,
            new SyncParam89(250, "md5", "", ResyncRates.DEFAULT),
            "8374026700230084 000000fa 6d6435" + "00".repeat(125)),
        row(
            "1.9 from 95",
            PV101,
            0,
            new SyncParam89(250, "", "sha1", ResyncRates.DEFAULT),
            "8620ec20000000230000009400000000 000000fa"
                + "00".repeat(64)
                + "73686131"
                + "00".repeat(60)
                + "00000014 0000000a 00000064 00019000"),
        row(
            "1.14",
            PV101,
            0,
            new DelayProbe(),
            "8620ec20000000270000000800000000 0000000000000000"));
  }

  static Stream<Row> negotiation() {
    return Stream.of(
        row(
            "3.2.1",
            PV124,
            0,
            new Sizes(
                0x1fffb8,
                0,
                0x1fffb8,
                1 << 20,
                0,
                0,
                Optional.of(new QueueLimits(4096, 512, 0, 4096, 0, true, false, false, 0))),
            "8620ec200000000d0000003800000000 00000000001fffb8 0000000000000000 00000000001fffb8"
                + " 00100000 0000 0000 00001000 00000200 00000000 00001000 00000000 01000000"),
        row(
            "3.2.1 without WSAME",
            WireDialect.of(124, 0),
            7,
            new Sizes(8, 16, 24, 4096, 0, Sizes.NO_RESYNC, Optional.empty()),
            "8620ec200007000d0000002000000000 0000000000000008 0000000000000010 0000000000000018"
                + " 00001000 0000 0002"),
        row(
            "3.4.2",
            PV101,
            0,
            new Uuids(0xa1b2c3d4e5f60719L, 0x1122334455667788L, 0x0102030405060708L, 0, 17, 2),
            "8620ec200000000c0000003000000000 a1b2c3d4e5f60719 1122334455667788 0102030405060708"
                + " 0000000000000000 0000000000000011 0000000000000002"),
        row(
            "3.4.3",
            PV124,
            0,
            new Uuids110(
                0xa1b2c3d4e5f60719L,
                17,
                UuidFlags.STABLE | UuidFlags.RECONNECT,
                0,
                5,
                List.of(0x1122334455667788L, 0L),
                Stream.concat(Stream.of(0x0102030405060708L), Collections.nCopies(31, 0L).stream())
                    .toList()),
            "8620ec20000000420000013800000000 a1b2c3d4e5f60719 0000000000000011 0000000000000120"
                + " 0000000000000000 0000000000000005 1122334455667788 0000000000000000"
                + " 0102030405060708"
                + "00".repeat(31 * 8)),
        row(
            "4.7",
            PV124,
            0,
            new State(new StateWord(0x0080f282)),
            "8620ec200000000e0000000400000000 0080f282"),
        row(
            "3.3.4",
            PV124,
            NONE,
            new State(StateWord.of(2, 0, 0, 0, 0, 0)),
            "8620ec20ffff000e0000000400000000 00000002"),
        row(
            "3.3.3, translated",
            PV101,
            0,
            new State(StateWord.of(1, 2, 10, 9, 9, 0)),
            "8620ec200000000e0000000400000000 000110a9"),
        row(
            "3.3.3, translated",
            PV101,
            0,
            new State(StateWord.of(2, 0, 8, 5, 7, 0)),
            "8620ec200000000e0000000400000000 0000c882"));
  }

  static Stream<Row> twopc() {
    TwopcHead connect =
        new TwopcHead(0x5eed0001, TwopcHead.HAS_REACHABLE, 0, 1, 0xfffffffffffffffcL);
    TwopcHead resize = new TwopcHead(0x5eed0001, 0, 0, TwopcHead.NO_TARGET, 0xfffffffffffffffcL);
    TwopcHead old = new TwopcHead(0x5eed0001, 0, 0, TwopcHead.NO_TARGET, 0xfffffffffffffffcL);
    WireDialect without = WireDialect.of(124, ALL & ~Feature.TWOPC_V2.mask());
    return Stream.of(
        row(
            "4.10.4",
            PV124,
            NONE,
            new TwopcPrepare(connect, new StateWord(0x1f3), new StateWord(0x92)),
            "8620ec20ffff002e0000002400000000 | 5eed0001 c0000000 00000001 ffffffff fffffffc"
                + " 00000000 00000000 000001f3 00000092"),
        row(
            "4.10.4",
            PV124,
            NONE,
            new TwopcReply(TwopcReply.Kind.YES, 0x5eed0001, 0, 3, 2, 0xfffffffffffffffcL),
            "8620ec20ffff00450000002000000000 | 5eed0001 00000000 00000000 00000003 00000000"
                + " 00000002 ffffffff fffffffc"),
        row(
            "4.10.4",
            PV124,
            NONE,
            new TwopcCommit(connect, new TwopcOutcome(0, 3)),
            "8620ec20ffff00470000002400000000 | 5eed0001 c0000000 00000001 ffffffff fffffffc"
                + " 00000000 00000000 00000000 00000003"),
        row(
            "4.10.4 without 2PC_V2",
            without,
            NONE,
            new TwopcPrepare(old, new StateWord(3), new StateWord(1)),
            "8620ec20ffff002e0000002400000000 | 5eed0001 00000000 ffffffff ffffffff fffffffc"
                + " 00000000 00000000 00000003 00000001"),
        row(
            "4.10.1 without 2PC_V2",
            without,
            NONE,
            new TwopcCommit(old, TwopcOutcome.repeating(1, new StateWord(3), new StateWord(1))),
            "8620ec20ffff00470000002400000000 | 5eed0001 00000000 ffffffff ffffffff fffffffc"
                + " 00000000 00000001 00000003 00000001"),
        row(
            "4.10.4",
            PV124,
            0,
            new TwopcPrepareResize(resize, 0x200000, 0),
            "8620ec20000000350000002400000000 | 5eed0001 80000000 000000ff ffffffff fffffffc"
                + " 00000000 00200000 00000000 00000000"));
  }

  static Stream<Row> writes() {
    return Stream.of(
        row(
            "2.4.1",
            PV124,
            0,
            new Data(2048, BLOCK_ID, 1, 0x102, 0, 4096),
            "8620ec20000000000000101800000000 0000000000000800 00c4b3a28188ffff 00000001 00000102"),
        row(
            "2.4.1",
            PV124.withDigestBytes(4),
            0,
            new Data(2048, BLOCK_ID, 1, 0x102, 4, 4096),
            "8620ec20000000000000101c00000000 0000000000000800 00c4b3a28188ffff 00000001 00000102"),
        row(
            "1.5 below 95",
            WireDialect.of(94, 0),
            0,
            new Data(2048, BLOCK_ID, 1, 2, 0, 4096),
            "8374026700001018 0000000000000800 00c4b3a28188ffff 00000001 00000002"),
        row(
            "1.5 from 95",
            WireDialect.of(95, 0),
            0,
            new Data(2048, BLOCK_ID, 1, 2, 0, 131_072),
            "835a000000020018 0000000000000800 00c4b3a28188ffff 00000001 00000002"),
        row(
            "2.4.1",
            PV124,
            0,
            new RsDataReply(8, -1, 0, 1 << 20),
            "8620ec20000000020010001800000000 0000000000000008 ffffffffffffffff 0000000000000000"),
        row(
            "2.4.2",
            PV124,
            0,
            new Trim(8192, BLOCK_ID, 2, 0x140, 1 << 20),
            "8620ec20000000310000001c00000000 0000000000002000 00c4b3a28188ffff 00000002 00000140"
                + " 00100000"),
        row(
            "2.4.2",
            PV124,
            0,
            new Zeroes(8192, BLOCK_ID, 3, 0x540, 1 << 20),
            "8620ec20000000360000001c00000000 0000000000002000 00c4b3a28188ffff 00000003 00000540"
                + " 00100000"),
        row(
            "2.4.5",
            PV124,
            NONE,
            new Barrier(0x07000000),
            "8620ec20ffff00030000000800000000 0700000000000000"),
        row(
            "2.4.3",
            PV124,
            0,
            new BlockAck(BlockAck.Kind.WRITE_ACK, 2048, BLOCK_ID, 4096, 1),
            "8620ec20000000160000001800000000 0000000000000800 00c4b3a28188ffff 00001000 00000001"),
        row(
            "1.14",
            PV101,
            0,
            new BlockAck(BlockAck.Kind.RETRY_WRITE, 2048, BLOCK_ID, 4096, 1),
            "8620ec200000002c0000001800000000 0000000000000800 00c4b3a28188ffff 00001000 00000001"),
        row(
            "6.1",
            PV124,
            0,
            new BlockAck(BlockAck.Kind.RS_CANCEL_AHEAD, 2048, BLOCK_ID, 4096, 1),
            "8620ec200000004a0000001800000000 0000000000000800 00c4b3a28188ffff 00001000 00000001"),
        row(
            "2.4.6",
            PV124,
            NONE,
            new ConfirmStable(BLOCK_ID, 2, 3),
            "8620ec20ffff00490000001800000000 00c4b3a28188ffff 0000000000000002 00000003 00000000"),
        row(
            "2.4.8",
            PV124,
            NONE,
            new PeerAck(3, 8),
            "8620ec20ffff00400000001000000000 0000000000000003 0000000000000008"));
  }

  @ParameterizedTest
  @MethodSource({"handshake", "negotiation", "twopc", "writes"})
  void isWrittenAsInTheSpec(Row row) {
    ByteBuf out = Unpooled.buffer();
    PacketEncoder.encode(out, row.dialect, row.volume, row.packet);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(row.hex);
  }

  @ParameterizedTest
  @MethodSource({"handshake", "negotiation", "twopc", "writes"})
  void isReadFromTheSpecsBytes(Row row) throws WireException {
    PacketDecoder decoder = new PacketDecoder(row.packet.command().stream());
    decoder.dialect(row.dialect);
    byte[] bytes = HexFormat.of().parseHex(row.hex);
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    assertThat(decoder.readHeader(in)).isTrue();
    assertThat(decoder.fixedBytes()).isEqualTo(in.readableBytes());
    assertThat(decoder.readFixed(in)).isEqualTo(row.packet);
    assertThat(in.isReadable()).isFalse();
    assertThat(decoder.volume()).isEqualTo(row.volume);
    assertThat(decoder.payloadBytes()).isEqualTo(decoder.fixedBytes() + row.packet.bulkBytes());
  }

  @Test
  void headerIsReadOnlyWhenAllOfItIsThere() throws WireException {
    byte[] bytes = HexFormat.of().parseHex("8620ec20ffff00130000000000000000");
    PacketDecoder decoder = new PacketDecoder(StreamKind.CONTROL);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
      assertThat(decoder.readHeader(in)).isFalse();
      assertThat(in.readerIndex()).isZero();
    }
  }

  @Test
  void hotPacketsAreWrittenWithoutARecordInTheSameBytes() {
    WireDialect dialect = PV124.withDigestBytes(20);
    ByteBuf fast = Unpooled.buffer();
    Data.encode(fast, dialect, 3, 2048, BLOCK_ID, 1, 0x102, 4096);
    BlockAck.encode(fast, dialect, 3, BlockAck.Kind.RECV_ACK, 2048, BLOCK_ID, 4096, 9);
    ByteBuf slow = Unpooled.buffer();
    PacketEncoder.encode(slow, dialect, 3, new Data(2048, BLOCK_ID, 1, 0x102, 20, 4096));
    PacketEncoder.encode(
        slow, dialect, 3, new BlockAck(BlockAck.Kind.RECV_ACK, 2048, BLOCK_ID, 4096, 9));
    assertThat(fast).isEqualTo(slow);
  }

  @Test
  void firstPacketsAreThoseOfTheSpec() throws WireException {
    for (StreamKind stream : StreamKind.values()) {
      ByteBuf bytes = Unpooled.buffer();
      FirstPacket.write(bytes, stream);
      assertThat(ByteBufUtil.hexDump(bytes))
          .isEqualTo(stream == StreamKind.DATA ? "83740267fff20000" : "83740267fff10000");
      assertThat(FirstPacket.read(bytes)).isEqualTo(stream);
    }
  }

  @Test
  void uuidsAreFoundByNode() {
    Uuids110 uuids = new Uuids110(1, 0, 0, 0, 0x8000_0005L, List.of(10L, 12L, 131L), List.of());
    assertThat(uuids.bitmap(0)).isEqualTo(10);
    assertThat(uuids.bitmap(2)).isEqualTo(12);
    assertThat(uuids.bitmap(31)).isEqualTo(131);
    assertThat(uuids.bitmap(1)).isEqualTo(-1);
    assertThat(uuids.hasBitmap(1)).isFalse();
  }
}
