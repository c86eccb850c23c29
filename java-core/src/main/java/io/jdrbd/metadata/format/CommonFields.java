package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;

/**
 * The fields that both superblock formats have.
 *
 * @param effectiveSizeSectors the last agreed size; 0 where none was agreed on
 * @param deviceUuid random identity given at creation
 * @param flags about the disk
 * @param sizeSectors size of all metadata
 * @param alOffsetSectors start of the activity log, relative to the superblock
 * @param alExtents size of the active set; informative
 * @param bitmapOffsetSectors start of the bitmap, relative to the superblock
 * @param granularity what one bit stands for
 * @param peerMaxBioBytes the peer's largest request, as last seen
 * @param al shape of the activity log
 */
public record CommonFields(
    long effectiveSizeSectors,
    long deviceUuid,
    DeviceFlags flags,
    long sizeSectors,
    int alOffsetSectors,
    int alExtents,
    int bitmapOffsetSectors,
    BitGranularity granularity,
    int peerMaxBioBytes,
    AlGeometry al) {

  /** What create-md writes, whatever will be used. */
  public static final int AL_EXTENTS_CREATED = 257;

  static final int EFFECTIVE_SIZE = 0x00;
  static final int FLAGS = 0x38;
  static final int MAGIC = 0x3c;
  private static final int SIZE = 0x40;
  private static final int AL_OFFSET = 0x44;
  private static final int AL_EXTENTS = 0x48;
  private static final int BITMAP_OFFSET = 0x4c;
  private static final int BYTES_PER_BIT = 0x50;
  private static final int PEER_MAX_BIO = 0x54;

  /** Fields of new metadata in a layout. */
  public static CommonFields created(
      Layout layout, BitGranularity granularity, AlGeometry al, long effectiveSizeSectors) {
    return new CommonFields(
        effectiveSizeSectors,
        0,
        DeviceFlags.CREATED,
        layout.sizeSectors(),
        layout.alOffsetSectors(),
        AL_EXTENTS_CREATED,
        layout.bitmapOffsetSectors(),
        granularity,
        0,
        al);
  }

  static CommonFields decode(ByteBuffer block, int deviceUuidAt, int alStripesAt)
      throws MetadataException {
    return new CommonFields(
        block.getLong(EFFECTIVE_SIZE),
        block.getLong(deviceUuidAt),
        new DeviceFlags(block.getInt(FLAGS)),
        Integer.toUnsignedLong(block.getInt(SIZE)),
        block.getInt(AL_OFFSET),
        block.getInt(AL_EXTENTS),
        block.getInt(BITMAP_OFFSET),
        granularity(block.getInt(BYTES_PER_BIT)),
        block.getInt(PEER_MAX_BIO),
        al(block.getInt(alStripesAt), block.getInt(alStripesAt + Integer.BYTES)));
  }

  void encode(ByteBuffer block, int deviceUuidAt, int alStripesAt) {
    block.putLong(EFFECTIVE_SIZE, effectiveSizeSectors);
    block.putLong(deviceUuidAt, deviceUuid);
    block.putInt(FLAGS, flags.bits());
    block.putInt(SIZE, (int) sizeSectors);
    block.putInt(AL_OFFSET, alOffsetSectors);
    block.putInt(AL_EXTENTS, alExtents);
    block.putInt(BITMAP_OFFSET, bitmapOffsetSectors);
    block.putInt(BYTES_PER_BIT, granularity.bytesPerBit());
    block.putInt(PEER_MAX_BIO, peerMaxBioBytes);
    block.putInt(alStripesAt, al.stripes());
    block.putInt(alStripesAt + Integer.BYTES, al.stripeBlocks());
  }

  private static BitGranularity granularity(int bytesPerBit) throws MetadataException {
    if (!BitGranularity.isValid(bytesPerBit)) {
      throw MetadataException.invalid(
          "bm_bytes_per_bit",
          Integer.toUnsignedString(bytesPerBit),
          "a power of two from 4096 to 1048576");
    }
    return new BitGranularity(bytesPerBit);
  }

  /** Both 0 is how metadata from before stripes says "the fixed 32 KiB". */
  private static AlGeometry al(int stripes, int stripeBlocks) throws MetadataException {
    if (stripes == 0 && stripeBlocks == 0) {
      return AlGeometry.DEFAULT;
    }
    if (!AlGeometry.isValid(
        Integer.toUnsignedLong(stripes), Integer.toUnsignedLong(stripeBlocks))) {
      throw MetadataException.invalid(
          "al_stripes x al_stripe_size_4k",
          Integer.toUnsignedString(stripes) + " x " + Integer.toUnsignedString(stripeBlocks),
          "both 0, or a product from 8 to 4194304");
    }
    return new AlGeometry(stripes, stripeBlocks);
  }

  public CommonFields withEffectiveSize(long sectors) {
    return copy(sectors, deviceUuid, flags, alExtents, peerMaxBioBytes);
  }

  public CommonFields withDeviceUuid(long uuid) {
    return copy(effectiveSizeSectors, uuid, flags, alExtents, peerMaxBioBytes);
  }

  public CommonFields withFlags(DeviceFlags newFlags) {
    return copy(effectiveSizeSectors, deviceUuid, newFlags, alExtents, peerMaxBioBytes);
  }

  public CommonFields withAlExtents(int extents) {
    return copy(effectiveSizeSectors, deviceUuid, flags, extents, peerMaxBioBytes);
  }

  public CommonFields withPeerMaxBio(int bytes) {
    return copy(effectiveSizeSectors, deviceUuid, flags, alExtents, bytes);
  }

  /** The same facts in another place. */
  public CommonFields withLayout(Layout layout, AlGeometry newAl) {
    return new CommonFields(
        effectiveSizeSectors,
        deviceUuid,
        flags,
        layout.sizeSectors(),
        layout.alOffsetSectors(),
        alExtents,
        layout.bitmapOffsetSectors(),
        granularity,
        peerMaxBioBytes,
        newAl);
  }

  private CommonFields copy(
      long newSize, long newUuid, DeviceFlags newFlags, int newExtents, int newBioBytes) {
    return new CommonFields(
        newSize,
        newUuid,
        newFlags,
        sizeSectors,
        alOffsetSectors,
        newExtents,
        bitmapOffsetSectors,
        granularity,
        newBioBytes,
        al);
  }
}
