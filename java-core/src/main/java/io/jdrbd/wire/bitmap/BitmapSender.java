package io.jdrbd.wire.bitmap;

import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.BitmapPacket.Bitmap;
import io.jdrbd.wire.BitmapPacket.CompressedBitmap;
import io.jdrbd.wire.WireDialect;
import io.netty.buffer.ByteBuf;

/**
 * Cuts a bitmap into packets as DRBD does (spec 6.2.4). One instance for one transfer; the bitmap
 * must not change meanwhile. Not safe for threads.
 */
public final class BitmapSender {

  /** Which packets a series is made of. */
  public enum Form {
    /** Words only: the peer is too old, or use-rle is off. */
    PLAIN,
    /** Run lengths where they are shorter, as kernels do. */
    SHORTER,
    /** Run lengths only: for a peer with bitmap blocks larger than 4 KiB (spec 6.2.6). */
    RUN_LENGTHS
  }

  private final BitSource source;
  private final Form form;
  private final int roomBytes;
  private final long bits;
  private final long words;
  private long bitPosition;
  private long wordPosition;
  private boolean complete;

  /** A transfer of the whole bitmap. */
  public BitmapSender(BitSource source, Form form, WireDialect dialect) {
    this.source = source;
    this.form = form;
    this.roomBytes = dialect.roomBytes();
    this.bits = source.bits();
    this.words = Math.ceilDiv(bits, (long) Long.SIZE);
  }

  /** Whether all packets of the series were made. */
  public boolean isComplete() {
    return complete;
  }

  /**
   * Makes the next packet of the series.
   *
   * @param bulk takes what follows the packet's fixed part; at most 4088 bytes
   * @throws IllegalStateException if the series is complete
   */
  public BitmapPacket next(ByteBuf bulk) {
    if (complete) {
      throw new IllegalStateException("all packets of the bitmap were made");
    }
    int start = bulk.writerIndex();
    if (form != Form.PLAIN && bitPosition < bits) {
      boolean firstRunSet = Runs.isSet(source, bitPosition);
      RunWriter writer = new RunWriter(bulk, roomBytes - 1);
      long end = appendRuns(writer, firstRunSet);
      if (form == Form.RUN_LENGTHS || end - bitPosition >= (long) writer.bytes() * Byte.SIZE) {
        bitPosition = end;
        wordPosition = end / Long.SIZE;
        complete = end == bits;
        return new CompressedBitmap(firstRunSet, writer.padBits(), writer.bytes());
      }
      bulk.writerIndex(start);
    }
    return plain(bulk);
  }

  /** As many runs as fit; returns the bit behind the last one. */
  private long appendRuns(RunWriter writer, boolean firstRunSet) {
    long position = bitPosition;
    boolean set = firstRunSet;
    while (position < bits) {
      long end = Runs.end(source, position, set);
      if (!writer.append(end - position)) {
        break;
      }
      position = end;
      set = !set;
    }
    writer.finish();
    return position;
  }

  private Bitmap plain(ByteBuf bulk) {
    int count = (int) Math.min(roomBytes / Long.BYTES, words - wordPosition);
    for (int i = 0; i < count; i++) {
      bulk.writeLongLE(source.word(wordPosition + i));
    }
    wordPosition += count;
    bitPosition = Math.min(wordPosition * Long.SIZE, bits);
    complete = count == 0;
    return new Bitmap(count * Long.BYTES);
  }
}
