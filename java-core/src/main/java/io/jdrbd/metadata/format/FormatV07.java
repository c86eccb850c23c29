package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;

/** Metadata of DRBD 0.7, which is recognised, so that it is not overlooked, but not used. */
public final class FormatV07 {
  private static final int MAGIC_VALUE = 0x8374026a;
  private static final int MAGIC = 0x1c;
  private static final long REGION_BYTES = 128L << 20;

  private FormatV07() {}

  /** Whether a block of 4 KiB at the buffer's position is a superblock of that format. */
  public static boolean isSuperblock(ByteBuffer block) {
    return block.getInt(block.position() + MAGIC) == MAGIC_VALUE;
  }

  /**
   * Where internal metadata of that format begins: in the last 128 MiB.
   *
   * @return negative if the device is too small for it
   */
  public static long internalOffsetBytes(long deviceBytes) {
    return Sectors.alignDown(deviceBytes, Sectors.BLOCK_BYTES) - REGION_BYTES;
  }

  /** What to tell a person who wants to use it. */
  public static MetadataException refused(String device, long offsetBytes) {
    return new MetadataException(
        MetadataException.Reason.INVALID,
        "%s: metadata of format v07 (DRBD 0.7) begins at byte %d: only v08 and v09 are understood; convert it with drbd-utils' drbdmeta (create-md of v08 or v09 asks), or remove it with its wipe-md of v07"
            .formatted(device, offsetBytes));
  }
}
