package io.jdrbd.metadata.format;

/**
 * How the bitmaps of several peers share their area on disk: 32-bit words, little endian, one word
 * of each slot in turn.
 *
 * @param slots number of bitmaps, 1 to 32
 * @param granularity what one bit stands for
 */
public record BitmapArea(int slots, BitGranularity granularity) {
  /** The most slots that a superblock may have. */
  public static final int SLOTS_MAX = 32;

  private static final int BITS_PER_UNIT = 64;

  public BitmapArea {
    if (slots < 1 || slots > SLOTS_MAX) {
      throw new IllegalArgumentException(
          "%d bitmap slots: must be from 1 to %d".formatted(slots, SLOTS_MAX));
    }
  }

  /** Bytes of all bitmaps of a device of so many sectors, in whole blocks. */
  public long sizeBytes(long deviceSectors) {
    long bits = Sectors.alignUp(granularity.bits(deviceSectors), BITS_PER_UNIT);
    return Sectors.alignUp(bits / Byte.SIZE * slots, Sectors.BLOCK_BYTES);
  }

  /** Bits that each slot can have in an area of so many sectors. */
  public long bitsPerSlot(long areaSectors) {
    return areaSectors * (Sectors.BYTES / Long.BYTES) / slots * BITS_PER_UNIT;
  }

  /** The most data, in sectors, that an area of so many sectors can describe. */
  public long capacitySectors(long areaSectors) {
    long bytes = Sectors.alignDown(Sectors.toBytes(areaSectors), Sectors.BLOCK_BYTES) / slots;
    return bytes * Byte.SIZE * granularity.sectorsPerBit();
  }

  /** Number of the 32-bit word, counted over all slots, that holds a bit of a slot. */
  public long wordOf(long bit, int slot) {
    return bit / Integer.SIZE * slots + slot;
  }
}
