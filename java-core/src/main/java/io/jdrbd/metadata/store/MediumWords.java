package io.jdrbd.metadata.store;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.text.WordSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bitmap area as words, read through a window that moves along. */
public final class MediumWords implements WordSource {
  private static final int WINDOW_BYTES = 1 << 20;

  private final MetadataMedium medium;
  private final long startBytes;
  private final long areaBytes;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long windowStart = -WINDOW_BYTES;

  /**
   * @param store where the metadata is
   * @param superblock that describes it
   */
  public MediumWords(MetadataStore store, Superblock superblock) {
    this.medium = store.medium();
    this.startBytes = store.layout(superblock).bitmapOffsetBytes();
    this.areaBytes = superblock.area().sizeBytes(superblock.common().effectiveSizeSectors());
  }

  @Override
  public int word(long number) throws IOException {
    long at = number * Integer.BYTES;
    if (at < windowStart || at >= windowStart + WINDOW_BYTES) {
      windowStart = at / WINDOW_BYTES * WINDOW_BYTES;
      window.clear().limit((int) Math.min(WINDOW_BYTES, areaBytes - windowStart));
      medium.read(startBytes + windowStart, window);
    }
    return window.getInt((int) (at - windowStart));
  }
}
