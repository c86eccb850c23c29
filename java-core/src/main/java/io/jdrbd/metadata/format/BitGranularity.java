package io.jdrbd.metadata.format;

/**
 * How much data one bit of the bitmap stands for; the only place of bit arithmetic.
 *
 * @param bytesPerBit a power of two from 4096 to 1 MiB
 */
public record BitGranularity(int bytesPerBit) {
  /** What every version of DRBD can read. */
  public static final BitGranularity DEFAULT = new BitGranularity(4096);

  private static final int BYTES_MIN = 4096;
  private static final int BYTES_MAX = 1 << 20;

  public BitGranularity {
    if (!isValid(bytesPerBit)) {
      throw new IllegalArgumentException(
          "%d bytes per bit: must be a power of two from %d to %d"
              .formatted(bytesPerBit, BYTES_MIN, BYTES_MAX));
    }
  }

  /** Whether the number is one that a bitmap may have. */
  public static boolean isValid(long bytesPerBit) {
    return bytesPerBit >= BYTES_MIN && bytesPerBit <= BYTES_MAX && Long.bitCount(bytesPerBit) == 1;
  }

  /** Sectors that one bit stands for. */
  public int sectorsPerBit() {
    return bytesPerBit / Sectors.BYTES;
  }

  /** Bits that one extent of the activity log covers: 1024 down to 4. */
  public int bitsPerExtent() {
    return Extents.BYTES / bytesPerBit;
  }

  /** Bits needed for a device, the last perhaps for less than a whole block. */
  public long bits(long deviceSectors) {
    return Math.ceilDiv(deviceSectors, sectorsPerBit());
  }

  /**
   * Bits to set when the range may differ: every block that the range touches.
   *
   * @param offsetBytes start of the range
   * @param lengthBytes at least 1
   */
  public BitRange touched(long offsetBytes, long lengthBytes) {
    return new BitRange(
        offsetBytes / bytesPerBit, Math.ceilDiv(offsetBytes + lengthBytes, bytesPerBit));
  }

  /**
   * Bits to clear when the range is known to be alike: only blocks that it covers wholly. The last
   * block of the device counts as covered when the range reaches the device's end.
   *
   * @param deviceBytes the agreed size, not the backing device's
   */
  public BitRange covered(long offsetBytes, long lengthBytes, long deviceBytes) {
    long end = offsetBytes + lengthBytes;
    long first = Math.ceilDiv(offsetBytes, bytesPerBit);
    long endBit = end >= deviceBytes ? Math.ceilDiv(deviceBytes, bytesPerBit) : end / bytesPerBit;
    return new BitRange(first, Math.max(first, endBit));
  }

  /** Bits of an extent of the activity log, which may reach beyond the device. */
  public BitRange ofExtent(int extent) {
    long first = Integer.toUnsignedLong(extent) * bitsPerExtent();
    return new BitRange(first, first + bitsPerExtent());
  }
}
