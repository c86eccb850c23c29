package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.wire.bitmap.BitSink;
import io.jdrbd.wire.bitmap.BitmapReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads bytes as a receiver does, to the first error or the end. What is read must keep to its
 * bounds and be the same when written and read again; nothing but a WireException may come out.
 */
final class GarbageReader {
  private static final long BITS = 100_000;
  private static final int FIXED_BYTES_MAX = 4096;
  private static final int PAYLOAD_BYTES_MAX = (1 << 20) + 24 + 64;

  private final PacketDecoder decoder;
  private final BitmapReceiver bitmap;
  private int packets;

  GarbageReader(StreamKind stream, WireDialect dialect) {
    decoder = new PacketDecoder(stream);
    decoder.dialect(dialect);
    bitmap = new BitmapReceiver(new BoundedSink(), BITS, dialect);
  }

  /** How many packets were read. */
  int packets() {
    return packets;
  }

  /** Reads to the end, or up to the first packet that is not whole. */
  void read(ByteBuf in) throws WireException {
    while (decoder.readHeader(in)) {
      int fixedBytes = decoder.fixedBytes();
      assertThat(fixedBytes).isBetween(0, FIXED_BYTES_MAX);
      assertThat(decoder.payloadBytes()).isBetween(fixedBytes, PAYLOAD_BYTES_MAX);
      assertThat(decoder.volume()).isBetween(-1, 65534);
      if (in.readableBytes() < fixedBytes) {
        return;
      }
      int start = in.readerIndex();
      Packet packet = decoder.readFixed(in);
      assertThat(in.readerIndex() - start).isEqualTo(fixedBytes);
      assertThat(packet.command()).isEqualTo(decoder.command());
      assertThat(packet.bulkBytes()).isEqualTo(decoder.payloadBytes() - fixedBytes);
      assertWrittenAndReadAgain(packet);
      packets++;
      if (in.readableBytes() < packet.bulkBytes()) {
        return;
      }
      if (packet instanceof BitmapPacket part) {
        ByteBuf bulk = in.readSlice(packet.bulkBytes());
        bitmap.take(part, bulk);
        assertThat(bulk.isReadable()).isFalse();
      } else {
        in.skipBytes(packet.bulkBytes());
      }
    }
  }

  private void assertWrittenAndReadAgain(Packet packet) throws WireException {
    ByteBuf out = Unpooled.buffer();
    PacketEncoder.encode(out, decoder.dialect(), 0, packet);
    PacketDecoder again = new PacketDecoder(packet.command().stream());
    again.dialect(decoder.dialect());
    assertThat(again.readHeader(out)).isTrue();
    assertThat(again.readFixed(out)).isEqualTo(packet);
  }

  /** A bitmap that is told only bits that it has. */
  private static final class BoundedSink implements BitSink {
    @Override
    public void set(long first, long end) {
      assertThat(first).isBetween(0L, end - 1);
      assertThat(end).isLessThanOrEqualTo(BITS);
    }

    @Override
    public void merge(long index, long word) {
      long end = index * Long.SIZE + Long.SIZE - Long.numberOfLeadingZeros(word);
      assertThat(word == 0 || end <= BITS).isTrue();
    }
  }
}
