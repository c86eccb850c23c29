package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Parts of a bitmap, on the data stream (spec 6.2). The bits follow as bulk data. */
public sealed interface BitmapPacket extends Packet {

  /**
   * Plain bits: little-endian 64-bit words, none at the end of a transfer.
   *
   * @param bulkBytes a multiple of 8
   */
  record Bitmap(int bulkBytes) implements BitmapPacket {
    @Override
    public Command command() {
      return Command.P_BITMAP;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /**
   * Run lengths (spec 6.2.3).
   *
   * @param firstRunSet whether the first run is one of ones
   * @param padBits how many high bits of the last byte mean nothing, 0 to 7
   * @param bulkBytes size of the code
   */
  record CompressedBitmap(boolean firstRunSet, int padBits, int bulkBytes) implements BitmapPacket {
    private static final int RLE_VLI_BITS = 2;
    private static final int CODE_MASK = 0xf;
    private static final int PAD_SHIFT = 4;
    private static final int PAD_MASK = 7;
    private static final int FIRST_RUN_SET = 0x80;

    static CompressedBitmap read(ByteBuf in, int payloadBytes) throws WireException {
      int encoding = in.readUnsignedByte();
      if ((encoding & CODE_MASK) != RLE_VLI_BITS) {
        throw new WireException(
            Command.P_COMPRESSED_BITMAP,
            "encoding %d, must be %d".formatted(encoding & CODE_MASK, RLE_VLI_BITS));
      }
      return new CompressedBitmap(
          (encoding & FIRST_RUN_SET) != 0, (encoding >>> PAD_SHIFT) & PAD_MASK, payloadBytes - 1);
    }

    /** How many bits of the code count. */
    public int codeBits() {
      return bulkBytes * Byte.SIZE - padBits;
    }

    @Override
    public Command command() {
      return Command.P_COMPRESSED_BITMAP;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeByte(RLE_VLI_BITS | (padBits << PAD_SHIFT) | (firstRunSet ? FIRST_RUN_SET : 0));
    }
  }
}
