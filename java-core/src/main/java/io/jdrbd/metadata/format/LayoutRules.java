package io.jdrbd.metadata.format;

import io.jdrbd.metadata.format.MetadataException.Reason;

/** Whether the places that a superblock names fit each other and the device (spec 5.8.3). */
public final class LayoutRules {
  private static final long METADATA_DEVICE_SECTORS_MIN = 2048;
  private static final int AL_SECTORS_MIN = 64;

  /** More than any version of DRBD can have: 1 EiB. */
  private static final long SECTORS_MAX = 1L << 51;

  private LayoutRules() {}

  /**
   * Checks everything that DRBD's kernel module checks at attach.
   *
   * @param placement as configured
   * @param deviceBytes size of the device that holds the metadata
   * @param superblock as read from that device
   * @throws MetadataException {@code INVALID} or {@code METADATA_DISK_TOO_SMALL}, naming the field
   */
  public static void check(Placement placement, long deviceBytes, Superblock superblock)
      throws MetadataException {
    long superblockAt = placement.superblockOffsetBytes(deviceBytes);
    Layout layout = superblock.layout(superblockAt);
    checkDeviceSize(placement, deviceBytes);
    checkPlacement(placement, superblock.common());
    checkOffsets(superblock.common(), layout);
    long behindData = Sectors.ofBytes(deviceBytes) - Sectors.ofBytes(layout.firstByte());
    if (layout.endByte() > deviceBytes
        || layout.firstByte() < 0
        || layout.sizeSectors() > behindData) {
      throw MetadataException.invalid(
          "md_size_sect",
          Long.toString(layout.sizeSectors()),
          "at most what fits on the device of %d sectors".formatted(Sectors.ofBytes(deviceBytes)));
    }
    long agreed = superblock.common().effectiveSizeSectors();
    if (agreed < 0 || agreed > SECTORS_MAX) {
      throw MetadataException.invalid(
          "effective_size", Long.toUnsignedString(agreed), "at most " + SECTORS_MAX);
    }
    long needed = Sectors.ofBytes(superblock.area().sizeBytes(agreed));
    if (layout.bitmapSectors() < needed) {
      throw MetadataException.invalid(
          "bm_offset",
          Integer.toString(layout.bitmapOffsetSectors()),
          "such that the bitmap has the %d sectors that effective_size %d needs (it has %d)"
              .formatted(needed, agreed, layout.bitmapSectors()));
    }
  }

  /**
   * Checks what {@code drbdmeta} asks in addition: the metadata lies exactly where new metadata of
   * this shape would be created. DRBD itself moves it there at attach.
   *
   * @throws MetadataException {@code INVALID}, naming the field
   */
  public static void checkExact(Placement placement, long deviceBytes, Superblock superblock)
      throws MetadataException {
    check(placement, deviceBytes, superblock);
    Layout expected =
        Layout.of(placement, deviceBytes, superblock.area(), superblock.common().al());
    CommonFields actual = superblock.common();
    require("al_offset", actual.alOffsetSectors(), expected.alOffsetSectors());
    require("bm_offset", actual.bitmapOffsetSectors(), expected.bitmapOffsetSectors());
    require("md_size_sect", actual.sizeSectors(), expected.sizeSectors());
  }

  private static void checkDeviceSize(Placement placement, long deviceBytes)
      throws MetadataException {
    long needed =
        switch (placement) {
          case Placement.Indexed(int index) -> Placement.INDEXED_REGION_SECTORS * (index + 1);
          case Placement.Internal(), Placement.Flexible() -> METADATA_DEVICE_SECTORS_MIN;
        };
    if (Sectors.ofBytes(deviceBytes) < needed) {
      throw new MetadataException(
          Reason.METADATA_DISK_TOO_SMALL,
          "metadata device has %d sectors: must have at least %d"
              .formatted(Sectors.ofBytes(deviceBytes), needed));
    }
  }

  private static void checkOffsets(CommonFields fields, Layout layout) throws MetadataException {
    long alSectors = fields.al().sizeSectors();
    long room =
        layout.isInternal()
            ? -(long) fields.alOffsetSectors()
            : (long) fields.bitmapOffsetSectors() - Layout.BEHIND_SUPERBLOCK;
    if (layout.isInternal() && fields.bitmapOffsetSectors() > fields.alOffsetSectors()) {
      throw MetadataException.invalid(
          "bm_offset",
          Integer.toString(fields.bitmapOffsetSectors()),
          "at most al_offset %d".formatted(fields.alOffsetSectors()));
    }
    if (!layout.isInternal() && fields.alOffsetSectors() != Layout.BEHIND_SUPERBLOCK) {
      throw MetadataException.invalid(
          "al_offset", Integer.toString(fields.alOffsetSectors()), "8 or negative");
    }
    if (room != alSectors || room < AL_SECTORS_MIN) {
      throw MetadataException.invalid(
          layout.isInternal() ? "al_offset" : "bm_offset",
          "%d, which leaves %d sectors for the activity log"
              .formatted(
                  layout.isInternal() ? fields.alOffsetSectors() : fields.bitmapOffsetSectors(),
                  room),
          "such that the %d sectors of al_stripes x al_stripe_size_4k fit exactly"
              .formatted(alSectors));
    }
    if (fields.bitmapOffsetSectors() % Sectors.PER_BLOCK != 0) {
      throw MetadataException.invalid(
          "bm_offset", Integer.toString(fields.bitmapOffsetSectors()), "a multiple of 8");
    }
  }

  private static void checkPlacement(Placement placement, CommonFields fields)
      throws MetadataException {
    switch (placement) {
      case Placement.Internal() -> {
        if (fields.alOffsetSectors() >= 0) {
          throw MetadataException.invalid(
              "al_offset",
              Integer.toString(fields.alOffsetSectors()),
              "negative for internal metadata");
        }
      }
      case Placement.Flexible() ->
          require("al_offset", fields.alOffsetSectors(), Layout.BEHIND_SUPERBLOCK);
      case Placement.Indexed ignored -> {
        require("bm_bytes_per_bit", fields.granularity().bytesPerBit(), 4096);
        require("md_size_sect", fields.sizeSectors(), Placement.INDEXED_REGION_SECTORS);
        require("al_offset", fields.alOffsetSectors(), Layout.BEHIND_SUPERBLOCK);
        require("bm_offset", fields.bitmapOffsetSectors(), Layout.INDEXED_BITMAP_OFFSET);
        require("al_stripes", fields.al().stripes(), AlGeometry.DEFAULT.stripes());
        require("al_stripe_size_4k", fields.al().stripeBlocks(), AlGeometry.DEFAULT.stripeBlocks());
      }
    }
  }

  private static void require(String field, long actual, long expected) throws MetadataException {
    if (actual != expected) {
      throw MetadataException.invalid(field, Long.toString(actual), Long.toString(expected));
    }
  }
}
