package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;

/**
 * The superblock of DRBD 8.3 and 8.4.
 *
 * @param common fields of both formats
 * @param magicClean whether the magic is the one that {@code drbdmeta} writes; a kernel that uses
 *     the disk writes another
 * @param currentUuid identity of the present contents
 * @param bitmapUuid the generation that the peer was last in sync with
 * @param historyYounger the generation before
 * @param historyOlder and the one before that
 */
public record SuperblockV08(
    CommonFields common,
    boolean magicClean,
    long currentUuid,
    long bitmapUuid,
    long historyYounger,
    long historyOlder)
    implements Superblock {

  private static final int CURRENT = 0x08;
  private static final int BITMAP = 0x10;
  private static final int HISTORY_YOUNGER = 0x18;
  private static final int HISTORY_OLDER = 0x20;
  private static final int DEVICE_UUID = 0x28;
  private static final int AL_STRIPES = 0x58;

  /** What create-md writes. */
  public static SuperblockV08 created(CommonFields common) {
    return new SuperblockV08(common, true, UUID_JUST_CREATED, 0, 0, 0);
  }

  static SuperblockV08 decode(ByteBuffer block, boolean magicClean) throws MetadataException {
    CommonFields common = CommonFields.decode(block, DEVICE_UUID, AL_STRIPES);
    if (!common.granularity().equals(BitGranularity.DEFAULT)) {
      throw MetadataException.invalid(
          "bm_bytes_per_bit",
          Integer.toString(common.granularity().bytesPerBit()),
          "4096 in format v08");
    }
    return new SuperblockV08(
        common,
        magicClean,
        block.getLong(CURRENT),
        block.getLong(BITMAP),
        block.getLong(HISTORY_YOUNGER),
        block.getLong(HISTORY_OLDER));
  }

  @Override
  public void encode(ByteBuffer target) {
    ByteBuffer block = target.slice(target.position(), BYTES);
    block.put(new byte[BYTES]);
    common.encode(block, DEVICE_UUID, AL_STRIPES);
    block.putInt(CommonFields.MAGIC, magicClean ? MAGIC_V08 : MAGIC_V08_UNCLEAN);
    block.putLong(CURRENT, currentUuid);
    block.putLong(BITMAP, bitmapUuid);
    block.putLong(HISTORY_YOUNGER, historyYounger);
    block.putLong(HISTORY_OLDER, historyOlder);
    target.position(target.position() + BYTES);
  }

  @Override
  public FormatVersion version() {
    return FormatVersion.V08;
  }

  @Override
  public int maxPeers() {
    return 1;
  }

  @Override
  public boolean isClean() {
    return magicClean && flags().has(DeviceFlag.AL_CLEAN);
  }

  @Override
  public SuperblockV08 cleaned() {
    CommonFields cleaned = common.withFlags(flags().with(DeviceFlag.AL_CLEAN));
    return new SuperblockV08(cleaned, true, currentUuid, bitmapUuid, historyYounger, historyOlder);
  }

  /** The same with the magic of a disk in use, which older software keeps off. */
  public SuperblockV08 inUse() {
    CommonFields unclean = common.withFlags(flags().without(DeviceFlag.AL_CLEAN));
    return new SuperblockV08(unclean, false, currentUuid, bitmapUuid, historyYounger, historyOlder);
  }

  @Override
  public SuperblockV08 withCommon(CommonFields fields) {
    return new SuperblockV08(
        fields, magicClean, currentUuid, bitmapUuid, historyYounger, historyOlder);
  }

  @Override
  public SuperblockV08 withCurrentUuid(long uuid) {
    return withUuids(uuid, bitmapUuid, historyYounger, historyOlder);
  }

  /** The same with other generation identifiers. */
  public SuperblockV08 withUuids(long current, long bitmap, long younger, long older) {
    return new SuperblockV08(common, magicClean, current, bitmap, younger, older);
  }
}
