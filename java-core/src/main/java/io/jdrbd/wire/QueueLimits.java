package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * The second half of P_SIZES: limits of the sender's storage (spec 3.2.1). All in bytes; the
 * numbers are unsigned and not judged here.
 *
 * @param physicalBlockSize what the storage writes in one piece
 * @param logicalBlockSize the smallest request
 * @param alignmentOffset where the first physical block begins; 0 from a diskless sender
 * @param ioMin preferred smallest request
 * @param ioOpt preferred request
 * @param discardEnabled whether the storage can discard
 * @param discardZeroesData never set by DRBD
 * @param writeSameCapable never set by DRBD
 * @param bmBlockShiftMinus12 log2 of the bytes of a bitmap block, minus 12; 0 without {@link
 *     Feature#BM_BLOCK_SHIFT}
 */
public record QueueLimits(
    int physicalBlockSize,
    int logicalBlockSize,
    int alignmentOffset,
    int ioMin,
    int ioOpt,
    boolean discardEnabled,
    boolean discardZeroesData,
    boolean writeSameCapable,
    int bmBlockShiftMinus12) {
  private static final int BLOCK_SHIFT_MAX = 8;

  static QueueLimits read(Command command, ByteBuf in, WireDialect dialect) throws WireException {
    QueueLimits limits =
        new QueueLimits(
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readBoolean(),
            in.readBoolean(),
            in.readBoolean(),
            in.readUnsignedByte());
    if (dialect.has(Feature.BM_BLOCK_SHIFT) && limits.bmBlockShiftMinus12 > BLOCK_SHIFT_MAX) {
      throw new WireException(
          command,
          "bm_block_shift_minus_12 %d, must be at most %d"
              .formatted(limits.bmBlockShiftMinus12, BLOCK_SHIFT_MAX));
    }
    return limits;
  }

  void write(ByteBuf out) {
    out.writeInt(physicalBlockSize)
        .writeInt(logicalBlockSize)
        .writeInt(alignmentOffset)
        .writeInt(ioMin)
        .writeInt(ioOpt)
        .writeBoolean(discardEnabled)
        .writeBoolean(discardZeroesData)
        .writeBoolean(writeSameCapable)
        .writeByte(bmBlockShiftMinus12);
  }
}
