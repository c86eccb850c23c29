package io.jdrbd.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.wire.AckPacket.BarrierAck;
import io.jdrbd.wire.AckPacket.BlockAck;
import io.jdrbd.wire.AckPacket.ConfirmStable;
import io.jdrbd.wire.BitmapPacket.Bitmap;
import io.jdrbd.wire.ChangeStreamPacket.FlushRequests;
import io.jdrbd.wire.HandshakePacket.AuthChallenge;
import io.jdrbd.wire.HandshakePacket.AuthResponse;
import io.jdrbd.wire.HandshakePacket.ConnectionFeatures;
import io.jdrbd.wire.HandshakePacket.Disconnect;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.OpaqueBytes;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ReplyPacket.DataReply;
import io.jdrbd.wire.ReplyPacket.RsDataReply;
import io.jdrbd.wire.RequestPacket.BlockRequest;
import io.jdrbd.wire.StatePacket.ConnStChgReq;
import io.jdrbd.wire.StatePacket.State;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.TwopcHead;
import io.jdrbd.wire.TwopcPacket.TwopcPrepare;
import io.jdrbd.wire.UuidPacket.SyncUuid;
import io.jdrbd.wire.UuidPacket.Uuids;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WritePacket.Barrier;
import io.jdrbd.wire.WritePacket.Data;
import io.jdrbd.wire.WritePacket.Trim;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A peer that says one thing that it must not: the connection is dropped in the right state and
 * with the right words, the node lives, and both find together again (spec 1.12.5, 1.14).
 */
class HostilePeerTest {
  private static final SessionSettings.Versions OLD = ClusterDriver.UP_TO_101;
  private static final SessionSettings.Versions NEW = ClusterDriver.UP_TO_122;
  private static final int ALL = HeaderFormat.NO_VOLUME;
  private static final long END = SimHost.DATA_SECTORS;

  /** The first packets of a node that proves itself. */
  private static final int FEATURES = 0;

  private static final int CHALLENGE = 1;
  private static final int RESPONSE = 2;
  private static final int PROTOCOL = 3;

  /**
   * Something that must not be said to a node whose disk is in sync.
   *
   * @param text of the reason that the node gives
   */
  record Said(
      SessionSettings.Versions versions,
      StreamKind stream,
      int volume,
      Optional<Packet> packet,
      String hex,
      ConnectionState state,
      String text) {
    @Override
    public String toString() {
      return "%d: %s%s".formatted(versions.max(), packet.map(Packet::toString).orElse(""), hex);
    }
  }

  private static Said data(int volume, Packet packet, String text) {
    return data(NEW, volume, packet, text);
  }

  private static Said data(
      SessionSettings.Versions versions, int volume, Packet packet, String text) {
    return new Said(
        versions,
        StreamKind.DATA,
        volume,
        Optional.of(packet),
        "",
        ConnectionState.PROTOCOL_ERROR,
        text);
  }

  private static Said control(int volume, Packet packet, String text) {
    return new Said(
        NEW,
        StreamKind.CONTROL,
        volume,
        Optional.of(packet),
        "",
        ConnectionState.NETWORK_FAILURE,
        text);
  }

  private static Said bytes(StreamKind stream, String hex, String text) {
    ConnectionState state =
        stream == StreamKind.DATA
            ? ConnectionState.PROTOCOL_ERROR
            : ConnectionState.NETWORK_FAILURE;
    return new Said(NEW, stream, 0, Optional.empty(), hex, state, text);
  }

  static Stream<Said> saidToAConnectedNode() {
    return Stream.of(
            headers(), writes(), requestsAndReplies(), acknowledgements(), states(), bitmaps())
        .flatMap(List::stream);
  }

  private static List<Said> headers() {
    return List.of(
        bytes(StreamKind.DATA, "deadbeef00000000", "packet begins with deadbeef"),
        bytes(StreamKind.CONTROL, "deadbeef00000000", "packet begins with deadbeef"),
        bytes(
            StreamKind.DATA, "8620ec20 0000 7777 00000000 00000000", "command 0x7777 is not known"),
        bytes(StreamKind.DATA, "8620ec20 0000 0005 00000000 00000000", "command 0x05 is reserved"),
        bytes(StreamKind.DATA, "83740267 0003 0008", "header of format H80"),
        bytes(StreamKind.DATA, "8620ec20 0000 0003 00000008 00000001", "header ends with 00000001"),
        bytes(
            StreamKind.DATA,
            "8620ec20 0000 0000 7fffffff 00000000",
            "P_DATA: length 2147483647, must be 536 to 1048600"),
        bytes(
            StreamKind.CONTROL,
            "8620ec20 0000 0016 00000008 00000000",
            "P_WRITE_ACK: length 8, must be 24"),
        bytes(
            StreamKind.CONTROL,
            "8620ec20 0000 0000 00000218 00000000",
            "P_DATA: came on the control stream"));
  }

  private static List<Said> writes() {
    return List.of(
        data(0, new Data(END, 7, 1, 0, 0, 512), "P_DATA of 512 bytes at sector 10240"),
        data(0, new Data(END - 1, 7, 1, 0, 0, 1024), "P_DATA of 1024 bytes at sector 10239"),
        data(77, new Data(0, 7, 1, 0, 0, 512), "P_DATA for volume 77, which does not exist here"),
        data(0, new Trim(END - 7, 7, 1, 0, 4096), "P_TRIM of 4096 bytes at sector 10233"),
        data(ALL, new Barrier(4711), "P_BARRIER: barrier 4711 ends an epoch without writes"),
        data(ALL, new FlushRequests(1), "P_FLUSH_REQUESTS must not come now"));
  }

  private static List<Said> requestsAndReplies() {
    return List.of(
        data(
            0,
            new BlockRequest(BlockRequest.Kind.DATA_REQUEST, END, 7, 4096, OpaqueBytes.NONE),
            "P_DATA_REQUEST of 4096 bytes at sector 10240"),
        data(
            0,
            new DataReply(8, 4711, 0, 512),
            "P_DATA_REPLY: answer to a read with block id 0x0000000000001267 at sector 8"),
        data(
            0, new RsDataReply(8, 4711, 0, 4096), "P_RS_DATA_REPLY although no resync is running"));
  }

  private static List<Said> acknowledgements() {
    return List.of(
        control(
            0,
            new BlockAck(BlockAck.Kind.WRITE_ACK, 8, 4711, 512, 1),
            "P_WRITE_ACK: ack for block id 0x0000000000001267 at sector 8"),
        control(
            0,
            new BlockAck(BlockAck.Kind.NEG_ACK, END, 4711, 512, 1),
            "P_NEG_ACK of 512 bytes at sector 10240"),
        control(
            0,
            new BlockAck(BlockAck.Kind.NEG_DREPLY, 8, 4711, 512, 1),
            "P_NEG_DREPLY: answer to a read with block id 0x0000000000001267"),
        control(
            0,
            new BlockAck(BlockAck.Kind.NEG_RS_DREPLY, 8, 4711, 4096, 1),
            "P_NEG_RS_DREPLY although no resync is running"),
        control(
            0,
            new BlockAck(BlockAck.Kind.SUPERSEDED, 8, 4711, 4096, 1),
            "P_SUPERSEDED must not come now"),
        control(
            5,
            new BlockAck(BlockAck.Kind.WRITE_ACK, 8, 4711, 512, 1),
            "P_WRITE_ACK for volume 5, which does not exist here"),
        control(
            ALL,
            new BarrierAck(4711, 3),
            "P_BARRIER_ACK: barrier ack for epoch 4711 with 3 writes: none is waiting"),
        control(
            0,
            new ConfirmStable(1, 2, 3),
            "P_CONFIRM_STABLE: 3 writes are confirmed as stable that are not the oldest"));
  }

  private static List<Said> states() {
    StateWord impossible = new StateWord(-1);
    return List.of(
        data(0, new State(impossible), "P_STATE: role 3, must be at most 2"),
        data(
            ALL,
            new ConnStChgReq(new StateWord(3), new StateWord(1)),
            "P_CONN_ST_CHG_REQ: node 1 asks for a state change in the way of DRBD 8.4"),
        data(0, new Uuids(1, 2, 3, 4, 0, 0), "P_UUIDS must not come now"),
        data(0, new SyncUuid(4711), "P_SYNC_UUID must not come now"),
        data(OLD, 0, new SyncUuid(4711), "P_SYNC_UUID must not come now"),
        data(
            ALL,
            new TwopcPrepare(
                new TwopcHead(9, TwopcHead.HAS_REACHABLE, 0, -1, -1),
                new StateWord(3),
                new StateWord(1)),
            "P_TWOPC_PREPARE: node 1 speaks for node 0"),
        data(
            ALL,
            new TwopcPrepare(
                new TwopcHead(9, TwopcHead.HAS_REACHABLE, 7, 0, -1),
                new StateWord(0x1f3),
                new StateWord(0x92)),
            "P_TWOPC_PREPARE: node 1 asks for a connection with node 7, which has to ask itself"),
        data(
            ALL,
            new TwopcPrepare(
                new TwopcHead(9, TwopcHead.HAS_REACHABLE, 1, 0, -1),
                new StateWord(0x1f3),
                new StateWord(0x92)),
            "P_TWOPC_PREPARE: node 1 asks for a connection with node 1, which stands"),
        data(ALL, new AuthChallenge(OpaqueBytes.of(new byte[64])), "P_AUTH_CHALLENGE must not"),
        new Said(
            NEW,
            StreamKind.DATA,
            ALL,
            Optional.of(new Disconnect()),
            "",
            ConnectionState.STANDALONE,
            "the peer refuses the connection"));
  }

  private static List<Said> bitmaps() {
    return List.of(
        data(0, new Bitmap(4080), "P_BITMAP: length 4080 at word 0 of 20, must be 160"),
        data(9, new Bitmap(160), "P_BITMAP for volume 9, which does not exist here"),
        bytes(
            StreamKind.DATA,
            "8620ec20 0000 0024 00000009 00000000" + "82 ffffffffffffffff",
            "P_COMPRESSED_BITMAP: "));
  }

  @ParameterizedTest
  @MethodSource
  void saidToAConnectedNode(Said said) throws IOException, ToolException {
    try (HostilePair pair = new HostilePair(said.versions(), "")) {
      pair.start();
      pair.awaitInSync();
      byte[] bytes =
          said.packet()
              .map(packet -> pair.packet(said.volume(), packet))
              .orElseGet(() -> HexFormat.of().parseHex(said.hex().replace(" ", "")));
      pair.say(said.stream(), bytes);
      assertDropped(pair, said.state(), said.text());
      assertThat(pair.node().isConnected()).isFalse();
      pair.connectAgain();
      pair.awaitInSync();
    }
  }

  /**
   * Something that is said before there is a connection, in the place of what is due.
   *
   * @param number of the packet on the data stream, from 0
   * @param state in which the node is then
   * @param text of the reason that the node gives
   */
  record Instead(int number, Packet packet, ConnectionState state, String text) {}

  static Stream<Instead> saidInTheHandshake() {
    return Stream.of(
        new Instead(
            FEATURES,
            new Barrier(1),
            ConnectionState.STANDALONE,
            "the peer began with P_BARRIER, not with P_CONNECTION_FEATURES"),
        new Instead(
            FEATURES,
            new ConnectionFeatures(200, 0, 300, 1, 0),
            ConnectionState.STANDALONE,
            "no common protocol version"),
        new Instead(
            FEATURES,
            new ConnectionFeatures(86, 0, 122, 9, 0),
            ConnectionState.NETWORK_FAILURE,
            "the peer says it is node 9"),
        new Instead(
            CHALLENGE,
            new Data(0, 7, 1, 0, 0, 4096),
            ConnectionState.STANDALONE,
            "the peer sent P_DATA where P_AUTH_CHALLENGE was due"),
        new Instead(
            CHALLENGE,
            new AuthResponse(OpaqueBytes.of(new byte[32])),
            ConnectionState.STANDALONE,
            "the peer sent P_AUTH_RESPONSE where P_AUTH_CHALLENGE was due"),
        new Instead(
            RESPONSE,
            new AuthResponse(OpaqueBytes.of(new byte[32])),
            ConnectionState.STANDALONE,
            "authentication failed: the peer's shared-secret is another one"),
        new Instead(
            RESPONSE,
            new AuthResponse(OpaqueBytes.of(new byte[3])),
            ConnectionState.NETWORK_FAILURE,
            "a response of 3 bytes instead of 32"),
        new Instead(
            RESPONSE,
            new Data(0, 7, 1, 0, 0, 4096),
            ConnectionState.NETWORK_FAILURE,
            "the peer sent P_DATA where P_AUTH_RESPONSE was due"),
        new Instead(
            PROTOCOL,
            new Data(0, 7, 1, 0, 0, 4096),
            ConnectionState.PROTOCOL_ERROR,
            "P_DATA before P_PROTOCOL"),
        new Instead(
            PROTOCOL + 1,
            new Data(0, 7, 1, 0, 0, 4096),
            ConnectionState.PROTOCOL_ERROR,
            "P_DATA before the connection stands"));
  }

  @ParameterizedTest
  @MethodSource
  void saidInTheHandshake(Instead instead) throws IOException, ToolException {
    try (HostilePair pair = new HostilePair(NEW, "rosebud")) {
      WireDialect dialect =
          instead.number() == FEATURES
              ? WireDialect.BEFORE_AGREEMENT
              : WireDialect.of(NEW.max(), NEW.features());
      pair.insteadOf(instead.number(), HostilePair.packet(dialect, 0, instead.packet()));
      pair.start();
      assertDropped(pair, instead.state(), instead.text());
      assertThat(pair.node().isConnected()).isFalse();
      pair.connectAgain();
      pair.awaitInSync();
    }
  }

  private static void assertDropped(HostilePair pair, ConnectionState state, String text) {
    pair.runUntil(
        "'%s' in state %s".formatted(text, state.word()),
        () ->
            pair.node().connectionStates().contains(state) && pair.node().reasons().contains(text));
  }

  @Test
  void whatAConnectionUsedIsGivenBack() throws IOException, ToolException {
    long before = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    try (HostilePair pair = new HostilePair(NEW, "")) {
      pair.start();
      pair.awaitInSync();
      for (int round = 0; round < 5; round++) {
        pair.say(StreamKind.DATA, pair.packet(0, new Data(END, 7, 1, 0, 0, 1 << 20)));
        pair.runUntil("dropped", () -> !pair.node().isConnected());
        pair.awaitInSync();
      }
      pair.say(StreamKind.DATA, pair.packet(ALL, new Disconnect()));
      pair.runUntil(
          "StandAlone", () -> pair.node().connection().state() == ConnectionState.STANDALONE);
      pair.disconnect();
      assertThat(pair.node().buffersInUse()).isLessThanOrEqualTo(SimHost.BUFFERS_AT_REST);
      assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isEqualTo(before);
    }
  }
}
