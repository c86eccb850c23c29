package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The 4096 bytes from which everything else is found. Immutable; a change makes a new one, which is
 * then written as a whole.
 */
public sealed interface Superblock permits SuperblockV08, SuperblockV09 {
  /** Size on disk. */
  int BYTES = Sectors.BLOCK_BYTES;

  /** The current generation of metadata that was just created. */
  long UUID_JUST_CREATED = 4;

  /** The bit of a generation identifier that says "its owner was Primary". */
  long UUID_PRIMARY = 1;

  int MAGIC_V08 = 0x8374026b;
  int MAGIC_V08_UNCLEAN = 0x8374026c;
  int MAGIC_V09 = 0x8374026d;

  /** The fields that both formats have. */
  CommonFields common();

  /** Which format it is written in. */
  FormatVersion version();

  /** Identity of the present contents. */
  long currentUuid();

  /** Number of bitmap slots. */
  int maxPeers();

  /** Whether the activity log has been applied, so that the bitmap tells the truth. */
  boolean isClean();

  /** The same with the activity log marked as applied, as {@code apply-al} leaves it. */
  Superblock cleaned();

  /** The same with other common fields. */
  Superblock withCommon(CommonFields fields);

  /** The same with another current generation. */
  Superblock withCurrentUuid(long uuid);

  /**
   * Writes all {@link #BYTES} bytes, reserved ones as 0, at the buffer's position, and moves it.
   *
   * @param block big endian, with room for {@link #BYTES}
   */
  void encode(ByteBuffer block);

  /** How its bitmap area is shared. */
  default BitmapArea area() {
    return new BitmapArea(maxPeers(), common().granularity());
  }

  /** The flags of the disk. */
  default DeviceFlags flags() {
    return common().flags();
  }

  /** The same with other flags. */
  default Superblock withFlags(DeviceFlags flags) {
    return withCommon(common().withFlags(flags));
  }

  /** The layout that its fields describe. */
  default Layout layout(long superblockOffsetBytes) {
    CommonFields fields = common();
    return new Layout(
        superblockOffsetBytes,
        fields.alOffsetSectors(),
        fields.bitmapOffsetSectors(),
        fields.sizeSectors());
  }

  /** Whether a block at the buffer's position has the magic of a format that can be read. */
  static boolean isKnown(ByteBuffer block) {
    int magic = block.getInt(block.position() + CommonFields.MAGIC);
    return magic == MAGIC_V09 || magic == MAGIC_V08 || magic == MAGIC_V08_UNCLEAN;
  }

  /**
   * Reads a superblock. Checks every field by itself, but not whether it fits the device; that is
   * {@link LayoutRules}'.
   *
   * @param bytes {@link #BYTES} bytes at the buffer's position, which stays
   * @throws MetadataException {@code INVALID}, naming the field
   */
  static Superblock decode(ByteBuffer bytes) throws MetadataException {
    ByteBuffer block = bytes.slice(bytes.position(), BYTES);
    int magic = block.getInt(CommonFields.MAGIC);
    return switch (magic) {
      case MAGIC_V09 -> SuperblockV09.decode(block);
      case MAGIC_V08, MAGIC_V08_UNCLEAN -> SuperblockV08.decode(block, magic == MAGIC_V08);
      default ->
          throw MetadataException.invalid(
              "magic",
              "0x" + HexFormat.of().toHexDigits(magic),
              "0x8374026d (v09) or 0x8374026b (v08); there is no DRBD metadata here");
    };
  }
}
