package io.jdrbd.metadata.format;

/** Extents of 4 MiB, the unit of the activity log. */
public final class Extents {
  /** Size of an extent in bytes. */
  public static final int BYTES = 4 << 20;

  /** Size of an extent in sectors. */
  public static final int SECTORS = BYTES / Sectors.BYTES;

  /** On disk: a slot of the activity log that holds no extent. */
  public static final int FREE = -1;

  private Extents() {}

  /** The extent that holds a byte of the device. */
  public static int ofByte(long offsetBytes) {
    return (int) (offsetBytes / BYTES);
  }

  /** How many extents a device has, the last perhaps not full. */
  public static long count(long deviceSectors) {
    return Math.ceilDiv(deviceSectors, SECTORS);
  }
}
