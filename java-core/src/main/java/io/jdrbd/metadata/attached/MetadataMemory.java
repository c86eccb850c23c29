package io.jdrbd.metadata.attached;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.metadata.format.Sectors;
import java.nio.ByteBuffer;

/** The buffers of one attached disk: one run of pages, divided once and for all. */
public final class MetadataMemory {
  /** What a disk needs, in bytes. */
  public static final int BYTES = 32 * BufferPool.PAGE_BYTES;

  private static final int SUPERBLOCK_PAGE = 0;
  private static final int LOG_PAGE = 1;
  private static final int BITMAP_PAGES_START = 2;

  private final PooledBuffer buffer;

  /**
   * @param buffer at least {@link #BYTES} long; given back by {@link #release}
   */
  public MetadataMemory(PooledBuffer buffer) {
    if (buffer.capacity() < BYTES) {
      throw new IllegalArgumentException(
          "buffer of %d bytes: must have at least %d".formatted(buffer.capacity(), BYTES));
    }
    this.buffer = buffer;
  }

  PooledBuffer buffer() {
    return buffer;
  }

  static int superblockOffset() {
    return SUPERBLOCK_PAGE * Sectors.BLOCK_BYTES;
  }

  static int logOffset() {
    return LOG_PAGE * Sectors.BLOCK_BYTES;
  }

  /** How many bitmap pages can be on their way to disk at once. */
  static int bitmapPages() {
    return BYTES / Sectors.BLOCK_BYTES - BITMAP_PAGES_START;
  }

  static int bitmapOffset(int index) {
    return (BITMAP_PAGES_START + index) * Sectors.BLOCK_BYTES;
  }

  ByteBuffer block(int offsetBytes) {
    return buffer.nioBuffer(offsetBytes, Sectors.BLOCK_BYTES);
  }

  void release() {
    buffer.release();
  }
}
