package io.jdrbd.metadata.attached;

import io.jdrbd.metadata.store.MetadataMedium;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a medium holds after a loss of power. Changes made to it stay in it; the disk that it was
 * taken of can go on. It can lose power itself.
 */
final class CrashImage implements MetadataMedium {
  private static final byte[] ZEROES = new byte[SimDisk.SECTOR_BYTES];

  private final Map<Long, byte[]> base;
  private final Map<Long, byte[]> changes;
  private final List<Map<Long, byte[]>> unflushed = new ArrayList<>();
  private final long sizeBytes;
  private long operationsLeft = Long.MAX_VALUE;

  CrashImage(Map<Long, byte[]> base, Map<Long, byte[]> changes, long sizeBytes) {
    this.base = base;
    this.changes = changes;
    this.sizeBytes = sizeBytes;
  }

  /** An empty medium. */
  CrashImage(long sizeBytes) {
    this(Map.of(), new HashMap<>(), sizeBytes);
  }

  /** Everything that is not zero. */
  Map<Long, byte[]> contents() {
    Map<Long, byte[]> all = new HashMap<>(base);
    all.putAll(changes);
    unflushed.forEach(all::putAll);
    return all;
  }

  /** From now on, the power goes after so many writes and flushes. */
  void losePowerAfter(long operations) {
    operationsLeft = operations;
  }

  /** The power is back; of what was not flushed, some got through. */
  void powerUp(Random dice) {
    operationsLeft = Long.MAX_VALUE;
    for (Map<Long, byte[]> write : unflushed) {
      int fate = dice.nextInt(3);
      write.forEach(
          (at, bytes) -> {
            if (fate == 0 || (fate == 1 && dice.nextBoolean())) {
              changes.put(at, bytes);
            }
          });
    }
    unflushed.clear();
  }

  /** The 512 bytes at an offset. */
  byte[] sector(long at) {
    for (int index = unflushed.size() - 1; index >= 0; index--) {
      byte[] newest = unflushed.get(index).get(at);
      if (newest != null) {
        return newest;
      }
    }
    byte[] changed = changes.get(at);
    return changed != null ? changed : base.getOrDefault(at, ZEROES);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String description() {
    return "crash image";
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) {
    for (long at = offsetBytes; into.hasRemaining(); at += SimDisk.SECTOR_BYTES) {
      into.put(sector(at));
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    Map<Long, byte[]> sectors = new HashMap<>();
    for (long at = offsetBytes; from.hasRemaining(); at += SimDisk.SECTOR_BYTES) {
      byte[] sector = new byte[SimDisk.SECTOR_BYTES];
      from.get(sector);
      sectors.put(at, sector);
    }
    unflushed.add(sectors);
    countOperation();
  }

  @Override
  public void flush() {
    countOperation();
    unflushed.forEach(changes::putAll);
    unflushed.clear();
  }

  private void countOperation() {
    operationsLeft--;
    if (operationsLeft < 0) {
      throw new PowerLoss();
    }
  }

  /** The power went; nothing after it happened. */
  static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
