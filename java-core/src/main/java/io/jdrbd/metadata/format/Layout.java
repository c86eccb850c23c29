package io.jdrbd.metadata.format;

/**
 * Where superblock, activity log and bitmap are. Offsets are in sectors and relative to the
 * superblock, as they are stored in it.
 *
 * @param superblockOffsetBytes absolute, on the device that holds the metadata
 * @param alOffsetSectors start of the activity log
 * @param bitmapOffsetSectors start of the bitmap
 * @param sizeSectors all metadata together
 */
public record Layout(
    long superblockOffsetBytes, int alOffsetSectors, int bitmapOffsetSectors, long sizeSectors) {

  /** The most data a device may have: 1 PiB. */
  private static final long DATA_SECTORS_MAX = 1L << 41;

  /** Offset of what follows the superblock in external metadata. */
  static final int BEHIND_SUPERBLOCK = Sectors.PER_BLOCK;

  static final int INDEXED_BITMAP_OFFSET =
      BEHIND_SUPERBLOCK + (int) AlGeometry.DEFAULT.sizeSectors();

  /**
   * The layout that new metadata has.
   *
   * @param deviceBytes size of the device that holds the metadata
   */
  public static Layout of(Placement placement, long deviceBytes, BitmapArea area, AlGeometry al) {
    long superblock = placement.superblockOffsetBytes(deviceBytes);
    int alSectors = (int) al.sizeSectors();
    long deviceSectors = Sectors.ofBytes(deviceBytes);
    return switch (placement) {
      case Placement.Internal() -> {
        int bitmapSectors = (int) Sectors.ofBytes(area.sizeBytes(deviceSectors));
        yield new Layout(
            superblock,
            -alSectors,
            -(alSectors + bitmapSectors),
            (long) Sectors.PER_BLOCK + alSectors + bitmapSectors);
      }
      case Placement.Flexible() ->
          new Layout(superblock, BEHIND_SUPERBLOCK, BEHIND_SUPERBLOCK + alSectors, deviceSectors);
      case Placement.Indexed ignored ->
          new Layout(
              superblock,
              BEHIND_SUPERBLOCK,
              INDEXED_BITMAP_OFFSET,
              Placement.INDEXED_REGION_SECTORS);
    };
  }

  /** Where the activity log begins on the device. */
  public long alOffsetBytes() {
    return superblockOffsetBytes + Sectors.toBytes(alOffsetSectors);
  }

  /** Where the bitmap begins on the device. */
  public long bitmapOffsetBytes() {
    return superblockOffsetBytes + Sectors.toBytes(bitmapOffsetSectors);
  }

  /** Whether the metadata lies before its superblock, as internal metadata does. */
  public boolean isInternal() {
    return alOffsetSectors < 0;
  }

  /** Size of the bitmap area. */
  public long bitmapSectors() {
    return isInternal()
        ? (long) alOffsetSectors - bitmapOffsetSectors
        : sizeSectors - bitmapOffsetSectors;
  }

  /** The first byte of the metadata: for internal metadata, the size of the data before it. */
  public long firstByte() {
    return isInternal() ? bitmapOffsetBytes() : superblockOffsetBytes;
  }

  /** The byte behind the metadata. */
  public long endByte() {
    return isInternal()
        ? superblockOffsetBytes + Sectors.BLOCK_BYTES
        : superblockOffsetBytes + Sectors.toBytes(sizeSectors);
  }

  /**
   * The most data that can be offered, in sectors: what the data device has before its metadata and
   * what the bitmap can describe.
   *
   * @param dataDeviceSectors the data device's size, internal metadata included
   */
  public long dataSectorsMax(long dataDeviceSectors, BitmapArea area) {
    long room = isInternal() ? Sectors.ofBytes(firstByte()) : dataDeviceSectors;
    return Math.min(Math.min(room, area.capacitySectors(bitmapSectors())), DATA_SECTORS_MAX);
  }
}
