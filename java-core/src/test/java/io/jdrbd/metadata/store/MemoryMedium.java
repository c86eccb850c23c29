package io.jdrbd.metadata.store;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** A sparse medium in memory: reads as zeroes where nothing was written. */
public final class MemoryMedium implements MetadataMedium {
  private static final int SECTOR_BYTES = 512;

  private final Map<Long, byte[]> sectors = new HashMap<>();
  private long sizeBytes;

  public MemoryMedium(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Grows as a logical volume does. */
  public void resize(long newSizeBytes) {
    sizeBytes = newSizeBytes;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) {
    check(offsetBytes, into);
    for (long at = offsetBytes; into.hasRemaining(); at += SECTOR_BYTES) {
      into.put(sectors.getOrDefault(at, new byte[SECTOR_BYTES]));
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    check(offsetBytes, from);
    for (long at = offsetBytes; from.hasRemaining(); at += SECTOR_BYTES) {
      byte[] sector = new byte[SECTOR_BYTES];
      from.get(sector);
      sectors.put(at, sector);
    }
  }

  @Override
  public void flush() {}

  private void check(long offsetBytes, ByteBuffer buffer) {
    if (offsetBytes < 0
        || offsetBytes % SECTOR_BYTES != 0
        || buffer.remaining() % SECTOR_BYTES != 0
        || offsetBytes + buffer.remaining() > sizeBytes) {
      throw new IllegalArgumentException(
          "%d bytes at %d of %d".formatted(buffer.remaining(), offsetBytes, sizeBytes));
    }
  }
}
