package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.wire.capture.Capture;
import io.jdrbd.wire.capture.CapturedConnection;
import io.jdrbd.wire.capture.CapturedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every packet in every capture is read, and written again gives the same bytes. */
class CapturedPacketsTest {
  /** Packets that DRBD knows but no capture holds; PacketLayoutTest has them by hand. */
  private static final Set<Command> NOT_CAPTURED =
      EnumSet.of(
          Command.P_SYNC_PARAM,
          Command.P_DELAY_PROBE,
          Command.P_RETRY_WRITE,
          Command.P_CONFIRM_STABLE,
          Command.P_RS_CANCEL_AHEAD);

  @Test
  void everyPacketIsReadAndWrittenAgain() throws Exception {
    Map<Command, Integer> counts = new EnumMap<>(Command.class);
    for (String name : Capture.names()) {
      for (CapturedConnection connection : Capture.load(name)) {
        for (CapturedPacket captured : connection.packets()) {
          counts.merge(captured.packet().command(), 1, Integer::sum);
          assertSameBytes(connection, captured);
        }
      }
    }
    assertThat(counts).isEqualTo(expectedCounts());
    assertThat(EnumSet.complementOf(EnumSet.copyOf(counts.keySet()))).isEqualTo(NOT_CAPTURED);
  }

  /** Only a node that lost its power left half a packet. */
  @Test
  void nothingIsLeftOver() throws WireException {
    Map<String, Integer> leftovers = new TreeMap<>();
    Map<Integer, Integer> connections = new TreeMap<>();
    for (String name : Capture.names()) {
      for (CapturedConnection connection : Capture.load(name)) {
        connections.merge(connection.dialect().protocolVersion(), 1, Integer::sum);
        if (connection.leftoverBytes() > 0) {
          leftovers.put(name, connection.leftoverBytes());
        }
      }
    }
    assertThat(leftovers.keySet()).containsExactly("92-84-crash-primary-failover");
    assertThat(connections).isEqualTo(Map.of(101, 151, 123, 112, 124, 89));
  }

  private static Map<Command, Integer> expectedCounts() throws IOException {
    Map<Command, Integer> counts = new EnumMap<>(Command.class);
    try (InputStream in = CapturedPacketsTest.class.getResourceAsStream("/captures/counts.txt")) {
      new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.split(" ", -1))
          .forEach(words -> counts.put(Command.valueOf(words[0]), Integer.valueOf(words[1])));
    }
    return counts;
  }

  private static void assertSameBytes(CapturedConnection connection, CapturedPacket captured) {
    ByteBuf out = Unpooled.buffer();
    WireDialect dialect =
        captured.format() == HeaderFormat.H80 ? WireDialect.BEFORE_AGREEMENT : captured.dialect();
    PacketEncoder.encode(out, dialect, captured.volume(), captured.packet());
    byte[] expected = captured.head().clone();
    clearUndefined(captured.packet(), captured.format().bytes(), expected);
    assertThat(ByteBufUtil.getBytes(out))
        .as("%s: %s", connection.scenario(), captured)
        .isEqualTo(expected);
  }

  /** Bytes that a sender leaves as they happen to be. */
  private static void clearUndefined(Packet packet, int header, byte[] bytes) {
    switch (packet) {
      case RequestPacket.BlockRequest request -> clear(bytes, header + 20, 4);
      case WritePacket.OutOfSync outOfSync -> clear(bytes, header + 12, 4);
      case ReplyPacket.RsDeallocated deallocated -> clear(bytes, header + 12, 4);
      case TwopcPacket.TwopcPrepareResize resize -> clear(bytes, header + 30, 6);
      default -> {}
    }
  }

  private static void clear(byte[] bytes, int from, int count) {
    Arrays.fill(bytes, from, from + count, (byte) 0);
  }
}
