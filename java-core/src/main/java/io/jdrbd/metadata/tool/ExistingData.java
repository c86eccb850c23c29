package io.jdrbd.metadata.tool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is found at the beginning of a device before metadata is created there (spec 5.10.3).
 *
 * @param name of the file system or other owner, for people
 * @param usedKib how much of the device it uses; empty where it does not say
 * @param recognised whether it is something known; else there is just data
 */
public record ExistingData(String name, OptionalLong usedKib, boolean recognised) {
  /** How much of the device is looked at. */
  public static final int LOOK_BYTES = 68 << 10;

  private static final int EXT_MAGIC = 0xef53;
  private static final int REISER_BLOCKS = 0x10000;
  private static final int REISER_BLOCK_SIZE = 0x1002c;

  /**
   * Looks at the first {@link #LOOK_BYTES} of a device.
   *
   * @return empty where all is zero
   */
  public static Optional<ExistingData> look(ByteBuffer start) {
    ByteBuffer bytes = start.slice(0, LOOK_BYTES);
    if (bytes.equals(ByteBuffer.allocate(LOOK_BYTES))) {
      return Optional.empty();
    }
    return swap(bytes)
        .or(() -> lvm(bytes))
        .or(() -> ext(bytes))
        .or(() -> xfs(bytes))
        .or(() -> jfs(bytes))
        .or(() -> reiser(bytes))
        .or(() -> Optional.of(new ExistingData("some data", OptionalLong.empty(), false)));
  }

  private static Optional<ExistingData> swap(ByteBuffer bytes) {
    for (int pageBytes : new int[] {4096, 8192}) {
      String mark = text(bytes, pageBytes - 10, 10);
      if (mark.equals("SWAP-SPACE") || mark.equals("SWAPSPACE2")) {
        return known("swap space signature", OptionalLong.empty());
      }
    }
    return Optional.empty();
  }

  private static Optional<ExistingData> lvm(ByteBuffer bytes) {
    return text(bytes, 0x218, 4).equals("LVM2")
        ? known("LVM2 physical volume signature", OptionalLong.empty())
        : Optional.empty();
  }

  private static Optional<ExistingData> ext(ByteBuffer bytes) {
    ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (Short.toUnsignedInt(little.getShort(0x438)) != EXT_MAGIC) {
      return Optional.empty();
    }
    long blocks = Integer.toUnsignedLong(little.getInt(0x404));
    return known("ext3 filesystem", OptionalLong.of(blocks << (little.getInt(0x418) & 31)));
  }

  private static Optional<ExistingData> xfs(ByteBuffer bytes) {
    if (!text(bytes, 0, 4).equals("XFSB")) {
      return Optional.empty();
    }
    long blockBytes = Integer.toUnsignedLong(bytes.getInt(4));
    return known("xfs filesystem", OptionalLong.of(bytes.getLong(8) * blockBytes / 1024));
  }

  private static Optional<ExistingData> jfs(ByteBuffer bytes) {
    if (!text(bytes, 0x8000, 4).equals("JFS1")) {
      return Optional.empty();
    }
    ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long blockBytes = Integer.toUnsignedLong(little.getInt(0x8018));
    return known("JFS filesystem", OptionalLong.of(little.getLong(0x8008) * blockBytes / 1024));
  }

  private static Optional<ExistingData> reiser(ByteBuffer bytes) {
    String mark = text(bytes, 0x10034, 9);
    if (!mark.startsWith("ReIsErFs") && !mark.equals("ReIsEr2Fs")) {
      return Optional.empty();
    }
    ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long blocks = Integer.toUnsignedLong(little.getInt(REISER_BLOCKS));
    long blockBytes = Short.toUnsignedLong(little.getShort(REISER_BLOCK_SIZE));
    return known("reiser filesystem", OptionalLong.of(blocks * blockBytes / 1024));
  }

  private static Optional<ExistingData> known(String name, OptionalLong usedKib) {
    return Optional.of(new ExistingData(name, usedKib, true));
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    byte[] text = new byte[length];
    bytes.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
