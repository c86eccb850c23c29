package io.jdrbd.wire.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.BitmapPacket.Bitmap;
import io.jdrbd.wire.NegotiationPacket.Sizes;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.bitmap.BitmapSender.Form;
import io.jdrbd.wire.capture.Capture;
import io.jdrbd.wire.capture.CapturedConnection;
import io.jdrbd.wire.capture.CapturedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bitmaps that real nodes exchanged: read, and sent again in the same bytes. */
class CapturedBitmapsTest {
  /** One whole bitmap on its way from a node. */
  private static final class Series {
    private final List<CapturedPacket> packets = new ArrayList<>();
    private final TestBits bits;
    private final BitmapReceiver receiver;

    Series(long size, WireDialect dialect) {
      bits = new TestBits(size);
      receiver = new BitmapReceiver(bits, size, dialect);
    }
  }

  @Test
  void everyBitmapIsReadAndSentAgainInTheSameBytes() throws WireException {
    int series = 0;
    for (String name : Capture.names()) {
      for (CapturedConnection connection : Capture.load(name)) {
        for (int node : connection.nodes()) {
          for (Series read : series(connection, node)) {
            assertSentAgain(name, read);
            series++;
          }
        }
      }
    }
    assertThat(series).isGreaterThan(250);
  }

  private static List<Series> series(CapturedConnection connection, int node) throws WireException {
    List<Series> complete = new ArrayList<>();
    Map<Integer, Series> open = new HashMap<>();
    Map<Integer, Long> sizes = new HashMap<>();
    for (CapturedPacket captured : connection.sent(node, StreamKind.DATA)) {
      switch (captured.packet()) {
        case Sizes told -> sizes.put(captured.volume(), Math.ceilDiv(told.currentSectors(), 8L));
        case BitmapPacket packet -> {
          long size = sizes.get(captured.volume());
          Series current =
              open.computeIfAbsent(
                  captured.volume(), volume -> new Series(size, captured.dialect()));
          current.packets.add(captured);
          if (current.receiver.take(packet, Unpooled.wrappedBuffer(captured.bulk()))) {
            complete.add(open.remove(captured.volume()));
          }
        }
        default -> {}
      }
    }
    assertThat(open).as(connection.scenario()).isEmpty();
    return complete;
  }

  private static void assertSentAgain(String name, Series series) {
    CapturedPacket first = series.packets.getFirst();
    Form form = first.packet() instanceof Bitmap ? Form.PLAIN : Form.SHORTER;
    BitmapSender sender = new BitmapSender(series.bits, form, first.dialect());
    for (CapturedPacket captured : series.packets) {
      ByteBuf bulk = Unpooled.buffer();
      assertThat(sender.next(bulk)).as(name).isEqualTo(captured.packet());
      assertThat(bulk).as(name).isEqualTo(Unpooled.wrappedBuffer(captured.bulk()));
    }
    assertThat(sender.isComplete()).as(name).isTrue();
  }
}
