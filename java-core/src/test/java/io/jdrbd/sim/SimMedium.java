package io.jdrbd.sim;

import io.jdrbd.metadata.store.MetadataMedium;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What lies on a simulated drive. Reads as zeroes where nothing was written; what was not flushed
 * is in a volatile cache, and a loss of power leaves an arbitrary part of it, sector by sector.
 */
public final class SimMedium implements MetadataMedium {
  private static final int PAGE_BYTES = 4096;
  private static final int SECTOR_BYTES = 512;

  private static final byte[] ZEROES = new byte[PAGE_BYTES];

  private final long sizeBytes;
  private final byte[][] pages;

  /** What was overwritten and could come back, the newest last. */
  private final ArrayDeque<Replaced> unflushed = new ArrayDeque<>();

  /** What a write that was not flushed has replaced. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Replaced(long offsetBytes, byte[] before) {
    long endBytes() {
      return offsetBytes + before.length;
    }

    boolean overlaps(long startBytes, long otherEndBytes) {
      return offsetBytes < otherEndBytes && endBytes() > startBytes;
    }
  }

  SimMedium(long sizeBytes) {
    this.sizeBytes = sizeBytes;
    this.pages = new byte[(int) (sizeBytes / PAGE_BYTES)][];
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String description() {
    return "drive of " + sizeBytes + " bytes";
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) {
    for (long at = offsetBytes; into.hasRemaining(); ) {
      int inPage = (int) (at % PAGE_BYTES);
      int length = Math.min(into.remaining(), PAGE_BYTES - inPage);
      byte[] page = pages[(int) (at / PAGE_BYTES)];
      if (page == null) {
        into.put(ZEROES, 0, length);
      } else {
        into.put(page, inPage, length);
      }
      at += length;
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    remember(offsetBytes, from.remaining());
    put(offsetBytes, from);
  }

  /** Makes a range read as zeroes. */
  void zero(long offsetBytes, long lengthBytes) {
    remember(offsetBytes, (int) lengthBytes);
    long end = offsetBytes + lengthBytes;
    for (long at = offsetBytes; at < end; ) {
      int inPage = (int) (at % PAGE_BYTES);
      int length = (int) Math.min(end - at, PAGE_BYTES - inPage);
      byte[] page = pages[(int) (at / PAGE_BYTES)];
      if (page != null) {
        Arrays.fill(page, inPage, inPage + length, (byte) 0);
      }
      at += length;
    }
  }

  private void remember(long offsetBytes, int lengthBytes) {
    ByteBuffer before = ByteBuffer.allocate(lengthBytes);
    read(offsetBytes, before);
    unflushed.add(new Replaced(offsetBytes, before.array()));
  }

  private void put(long offsetBytes, ByteBuffer from) {
    for (long at = offsetBytes; from.hasRemaining(); ) {
      int inPage = (int) (at % PAGE_BYTES);
      int length = Math.min(from.remaining(), PAGE_BYTES - inPage);
      int page = (int) (at / PAGE_BYTES);
      if (pages[page] == null) {
        pages[page] = new byte[PAGE_BYTES];
      }
      from.get(pages[page], inPage, length);
      at += length;
    }
  }

  private static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, ZEROES);
  }

  /** The four bytes at the start of a sector, by which a test knows who wrote it. */
  public int stamp(long sector) {
    long at = sector * SECTOR_BYTES;
    byte[] page = pages[(int) (at / PAGE_BYTES)];
    return page == null ? 0 : ByteBuffer.wrap(page).getInt((int) (at % PAGE_BYTES));
  }

  /** Whether two media hold the same in a block of 4 KiB. */
  public boolean isEqual(SimMedium other, long block) {
    byte[] own = pages[(int) block];
    byte[] theirs = other.pages[(int) block];
    if (own == null || theirs == null) {
      return (own == null || isZero(own)) && (theirs == null || isZero(theirs));
    }
    return Arrays.equals(own, theirs);
  }

  @Override
  public void flush() {
    unflushed.clear();
  }

  /** Writes past the cache: FUA. */
  void writeThrough(long offsetBytes, ByteBuffer from) {
    long end = offsetBytes + from.remaining();
    put(offsetBytes, from);
    if (unflushed.stream().noneMatch(each -> each.overlaps(offsetBytes, end))) {
      return;
    }
    List<Replaced> older = List.copyOf(unflushed);
    unflushed.clear();
    for (Replaced each : older) {
      if (each.overlaps(offsetBytes, end)) {
        keep(each, each.offsetBytes, offsetBytes);
        keep(each, end, each.endBytes());
      } else {
        unflushed.add(each);
      }
    }
  }

  /** Only this part of a write can still be lost. */
  private void keep(Replaced whole, long startBytes, long endBytes) {
    if (startBytes < endBytes) {
      int from = (int) (startBytes - whole.offsetBytes);
      int to = (int) (endBytes - whole.offsetBytes);
      unflushed.add(new Replaced(startBytes, Arrays.copyOfRange(whole.before, from, to)));
    }
  }

  /**
   * The power fails: of each sector that was written and not flushed, one of its versions since
   * then is left.
   */
  void losePower(Random random) {
    Set<Long> settled = new HashSet<>();
    while (!unflushed.isEmpty()) {
      Replaced newest = unflushed.removeLast();
      for (int at = 0; at < newest.before.length; at += SECTOR_BYTES) {
        long sector = newest.offsetBytes + at;
        if (settled.contains(sector)) {
          continue;
        }
        if (random.nextBoolean()) {
          settled.add(sector);
        } else {
          put(sector, ByteBuffer.wrap(newest.before, at, SECTOR_BYTES));
        }
      }
    }
  }
}
