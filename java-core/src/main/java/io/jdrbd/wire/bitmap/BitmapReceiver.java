package io.jdrbd.wire.bitmap;

import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.BitmapPacket.Bitmap;
import io.jdrbd.wire.BitmapPacket.CompressedBitmap;
import io.jdrbd.wire.Command;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;

/**
 * Merges the packets of a series into a bitmap, and knows when the series is complete (spec 6.2.2
 * to 6.2.4). One instance for one transfer. Not safe for threads.
 */
public final class BitmapReceiver {
  private final BitSink sink;
  private final int roomBytes;
  private final long bits;
  private final long words;
  private long bitPosition;
  private long wordPosition;

  /** A transfer of a bitmap of so many bits. */
  public BitmapReceiver(BitSink sink, long bits, WireDialect dialect) {
    this.sink = sink;
    this.bits = bits;
    this.words = Math.ceilDiv(bits, (long) Long.SIZE);
    this.roomBytes = dialect.roomBytes();
  }

  /**
   * Takes a packet.
   *
   * @param bulk what followed its fixed part; read
   * @return whether it was the last one of the series
   * @throws WireException if it does not fit here
   */
  public boolean take(BitmapPacket packet, ByteBuf bulk) throws WireException {
    return switch (packet) {
      case Bitmap plain -> takeWords(plain, bulk);
      case CompressedBitmap runs -> takeRuns(runs, bulk);
    };
  }

  private boolean takeWords(Bitmap packet, ByteBuf bulk) throws WireException {
    int count = (int) Math.min(roomBytes / Long.BYTES, words - wordPosition);
    if (packet.bulkBytes() != count * Long.BYTES) {
      throw new WireException(
          "%s: length %d at word %d of %d, must be %d"
              .formatted(
                  Command.P_BITMAP, packet.bulkBytes(), wordPosition, words, count * Long.BYTES));
    }
    for (int i = 0; i < count; i++) {
      long index = wordPosition + i;
      sink.merge(index, bulk.readLongLE() & existing(index));
    }
    wordPosition += count;
    bitPosition = Math.min(wordPosition * Long.SIZE, bits);
    return count == 0;
  }

  /** The bits of a word that the bitmap has. */
  private long existing(long index) {
    long left = bits - index * Long.SIZE;
    return left >= Long.SIZE ? -1L : (1L << left) - 1;
  }

  private boolean takeRuns(CompressedBitmap packet, ByteBuf bulk) throws WireException {
    RunReader reader = new RunReader(bulk, packet.codeBits());
    boolean set = packet.firstRunSet();
    while (reader.hasNext()) {
      long run = reader.next();
      if (run > bits - bitPosition) {
        throw new WireException(
            "%s: run of %d bits at bit %d, the bitmap has %d"
                .formatted(Command.P_COMPRESSED_BITMAP, run, bitPosition, bits));
      }
      if (set) {
        sink.set(bitPosition, bitPosition + run);
      }
      bitPosition += run;
      set = !set;
    }
    bulk.skipBytes(packet.bulkBytes());
    wordPosition = bitPosition / Long.SIZE;
    return bitPosition == bits;
  }
}
