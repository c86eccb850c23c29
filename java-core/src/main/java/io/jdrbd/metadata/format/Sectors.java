package io.jdrbd.metadata.format;

/** Sectors of 512 bytes, the unit of every size and offset in the metadata. */
public final class Sectors {
  /** Size of a sector, whatever the block size of the device. */
  public static final int BYTES = 512;

  /** Metadata is read and written in blocks of 4096 bytes: 8 sectors. */
  public static final int PER_BLOCK = 8;

  /** Size of a metadata block in bytes. */
  public static final int BLOCK_BYTES = PER_BLOCK * BYTES;

  private Sectors() {}

  /** The bytes that so many sectors hold. */
  public static long toBytes(long sectors) {
    return sectors * BYTES;
  }

  /** The whole sectors within so many bytes. */
  public static long ofBytes(long bytes) {
    return bytes / BYTES;
  }

  /** {@code value} rounded up to a multiple of {@code unit}. */
  public static long alignUp(long value, long unit) {
    return Math.ceilDiv(value, unit) * unit;
  }

  /** {@code value} rounded down to a multiple of {@code unit}. */
  public static long alignDown(long value, long unit) {
    return Math.floorDiv(value, unit) * unit;
  }
}
