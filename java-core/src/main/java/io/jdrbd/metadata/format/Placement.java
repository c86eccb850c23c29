package io.jdrbd.metadata.format;

import java.util.Optional;

/** Where the metadata lies: behind the data or on a device of its own. */
public sealed interface Placement {
  /** Size of one indexed region: 128 MiB. */
  long INDEXED_REGION_SECTORS = 262_144;

  /** The largest index that {@code drbdmeta} takes. */
  int INDEX_MAX = 255;

  /** At the end of the data device: bitmap, activity log, superblock. */
  record Internal() implements Placement {}

  /** A device of its own: superblock, activity log, bitmap to its end. */
  record Flexible() implements Placement {}

  /**
   * One of the 128 MiB regions of a shared metadata device.
   *
   * @param index of the region, 0 to {@link #INDEX_MAX}
   */
  record Indexed(int index) implements Placement {
    public Indexed {
      if (index < 0 || index > INDEX_MAX) {
        throw new IllegalArgumentException(
            "metadata index %d: must be from 0 to %d".formatted(index, INDEX_MAX));
      }
    }
  }

  /**
   * Reads {@code internal}, {@code flex-internal}, {@code flex-external}, {@code flexible} or a
   * number.
   *
   * @return empty where the text is none of these
   */
  static Optional<Placement> parse(String text) {
    return switch (text) {
      case "internal", "flex-internal" -> Optional.of(new Internal());
      case "flexible", "flex-external" -> Optional.of(new Flexible());
      default ->
          text.matches("\\d{1,3}") && Integer.parseInt(text) <= INDEX_MAX
              ? Optional.of(new Indexed(Integer.parseInt(text)))
              : Optional.empty();
    };
  }

  /**
   * Where the superblock is, in bytes.
   *
   * @param deviceBytes size of the device that holds the metadata
   */
  default long superblockOffsetBytes(long deviceBytes) {
    return switch (this) {
      case Internal() -> Sectors.alignDown(deviceBytes - Sectors.BLOCK_BYTES, Sectors.BLOCK_BYTES);
      case Flexible() -> 0;
      case Indexed(int index) -> Sectors.toBytes(index * INDEXED_REGION_SECTORS);
    };
  }
}
