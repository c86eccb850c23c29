package io.jdrbd.metadata.bitmap;

import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.Sectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Which blocks may differ from which peer: one bit for each block and slot; 1 is "out of sync".
 *
 * <p>Every page of 4096 bytes as it lies on disk carries two marks: "must write" since a bit in it
 * was set, "lazy" since a bit was cleared. Losing the first kind in a crash loses an out-of-sync
 * mark; losing the second only makes a resync longer.
 *
 * <p>Used on one thread. Costs a bit for each block and slot, outside of the heap: 32 MiB for 1 TiB
 * in blocks of 4 KiB. While the number of bits changes, the old ones and the new ones are there.
 */
public final class Bitmap {
  /** Answer of {@link #next} where no bit follows. */
  public static final long NO_BIT = -1;

  /** Answer of {@link #nextMarked} where no page follows. */
  public static final int NO_PAGE = PageSet.NO_PAGE;

  /** Size of a page on disk. */
  public static final int PAGE_BYTES = Sectors.BLOCK_BYTES;

  private static final int PAGE_WORDS = PAGE_BYTES / Integer.BYTES;

  private final BitmapArea area;
  private final SlotBits[] slots;
  private final PageSet mustWrite;
  private final PageSet lazy;
  private Arena memory;
  private long bits;

  /**
   * Makes an empty bitmap without marks.
   *
   * @param area how the slots share their area on disk
   * @param bits blocks of the agreed device size
   * @throws BitmapMemoryException if there is no memory for it
   */
  public Bitmap(BitmapArea area, long bits) {
    this.area = area;
    this.bits = bits;
    this.memory = newMemory();
    MemorySegment[] given = allocate(memory, area.slots(), bits);
    this.slots = new SlotBits[given.length];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = new SlotBits(bits, given[slot]);
    }
    this.mustWrite = new PageSet(pages());
    this.lazy = new PageSet(pages());
  }

  /** Closed when the number of bits changes, by {@link #release} at the latest. */
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena newMemory() {
    return Arena.ofShared();
  }

  /** Zeroes for all slots, or nothing at all. */
  private static MemorySegment[] allocate(Arena memory, int slots, long bits) {
    MemorySegment[] given = new MemorySegment[slots];
    try {
      for (int slot = 0; slot < slots; slot++) {
        given[slot] =
            bits == 0 ? MemorySegment.NULL : memory.allocate(SlotBits.bytes(bits), Long.BYTES);
      }
      return given;
    } catch (OutOfMemoryError refused) {
      memory.close();
      throw new BitmapMemoryException(SlotBits.bytes(bits), slots, refused);
    }
  }

  /**
   * Gives the memory back. Whoever still looks finds a bitmap of no bits; nobody may do so on
   * another thread.
   */
  public void release() {
    resize(0, false);
  }

  /** Bits of each slot. */
  public long bits() {
    return bits;
  }

  /** Number of slots. */
  public int slots() {
    return slots.length;
  }

  /** How the slots share their area on disk. */
  public BitmapArea area() {
    return area;
  }

  /** All bits of a slot. */
  public BitRange all() {
    return new BitRange(0, bits);
  }

  /** Whether the block is marked. */
  public boolean get(int slot, long bit) {
    return slots[slot].get(bit);
  }

  /** How many blocks of a slot are marked; kept, not counted. */
  public long weight(int slot) {
    return slots[slot].weight();
  }

  /** How many blocks of a range are marked. */
  public long count(int slot, BitRange range) {
    return slots[slot].count(range.clippedTo(bits));
  }

  /** Whether every block is marked in every slot. */
  public boolean isAllSet() {
    for (SlotBits slot : slots) {
      if (slot.weight() < bits) {
        return false;
      }
    }
    return true;
  }

  /** The first marked block from {@code from} on, or {@link #NO_BIT}. */
  public long next(int slot, long from) {
    return slots[slot].next(from);
  }

  /** 64 bits of a slot; those behind the end are 0. */
  public long word(int slot, long index) {
    return slots[slot].word(index);
  }

  /**
   * Marks blocks.
   *
   * @param range clipped to what exists
   * @return how many were not marked before
   */
  public long set(int slot, BitRange range) {
    BitRange clipped = range.clippedTo(bits);
    long changed = slots[slot].set(clipped);
    if (changed > 0) {
      mark(mustWrite, slot, clipped);
    }
    return changed;
  }

  /** Marks blocks in every slot. */
  public void setInAllSlots(BitRange range) {
    for (int slot = 0; slot < slots.length; slot++) {
      set(slot, range);
    }
  }

  /**
   * Takes marks away.
   *
   * @param range clipped to what exists
   * @return how many were marked before
   */
  public long clear(int slot, BitRange range) {
    BitRange clipped = range.clippedTo(bits);
    long changed = slots[slot].clear(clipped);
    if (changed > 0) {
      mark(lazy, slot, clipped);
    }
    return changed;
  }

  /** Adds the set bits of {@code word} to 64 bits of a slot, as a peer's bitmap arrives. */
  public void mergeWord(int slot, long index, long word) {
    if (slots[slot].or(index, word) > 0) {
      long first = index * Long.SIZE;
      mark(mustWrite, slot, new BitRange(first, first + Long.SIZE).clippedTo(bits));
    }
  }

  /** Makes 64 bits of a slot what they are in {@code word}. */
  public void replaceWord(int slot, long index, long word) {
    slots[slot].andNot(index, ~word);
    slots[slot].or(index, word);
    long first = index * Long.SIZE;
    mark(mustWrite, slot, new BitRange(first, first + Long.SIZE).clippedTo(bits));
  }

  /** Marks in {@code into} what is marked in {@code from}. */
  public void merge(int into, int from) {
    slots[into].mergeFrom(slots[from]);
    mark(mustWrite, into, all());
  }

  /** Makes {@code into} equal to {@code from}. */
  public void copy(int into, int from) {
    slots[into].copyFrom(slots[from]);
    mark(mustWrite, into, all());
  }

  /**
   * Changes the number of bits. Marks of pages stay.
   *
   * @param newBits blocks of the new agreed size
   * @param markNew whether blocks that did not exist before are marked
   * @throws BitmapMemoryException if there is no memory for it; nothing has changed then
   */
  public void resize(long newBits, boolean markNew) {
    long oldBits = bits;
    if (newBits == oldBits) {
      return;
    }
    Arena larger = newMemory();
    MemorySegment[] given = allocate(larger, slots.length, newBits);
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot].resize(newBits, given[slot]);
    }
    memory.close();
    memory = larger;
    bits = newBits;
    mustWrite.resize(pages());
    lazy.resize(pages());
    if (newBits > oldBits) {
      BitRange added = new BitRange(oldBits, newBits);
      for (int slot = 0; slot < slots.length; slot++) {
        mark(mustWrite, slot, added);
      }
      if (markNew) {
        setInAllSlots(added);
      }
    }
  }

  /** Pages that hold these bits on disk. */
  public int pages() {
    long words = Math.ceilDiv(bits, Integer.SIZE) * area.slots();
    return Math.toIntExact(Math.ceilDiv(words, PAGE_WORDS));
  }

  /** The page that holds the first bit of a range, of whichever slot. */
  public int firstPage(BitRange range) {
    return page(range.first(), 0);
  }

  /** The page that holds the last bit of a range that is not empty, of whichever slot. */
  public int lastPage(BitRange range) {
    return page(range.end() - 1, slots.length - 1);
  }

  /** Whether the page has any mark. */
  public boolean isMarked(int page) {
    return mustWrite.has(page) || lazy.has(page);
  }

  /** The first page from {@code from} on that has any mark, or {@link #NO_PAGE}. */
  public int nextMarked(int from) {
    int must = mustWrite.next(from);
    int may = lazy.next(from);
    if (must == NO_PAGE || may == NO_PAGE) {
      return Math.max(must, may);
    }
    return Math.min(must, may);
  }

  /** Whether a bit was set that the disk does not have. */
  public boolean mustBeWritten() {
    return !mustWrite.isEmpty();
  }

  /** Marks every page as one that must be written. */
  public void markAllPages() {
    mustWrite.addAll();
  }

  /** Forgets all marks, because memory is what was just read. */
  public void unmarkAll() {
    mustWrite.clear();
    lazy.clear();
  }

  /**
   * Writes a page's bytes at the buffer's position and takes its marks away. If the bytes do not
   * reach the disk, {@link #remark} must follow.
   *
   * @param into with room for {@link #PAGE_BYTES}
   */
  public void encodePage(int page, ByteBuffer into) {
    MemorySegment bytes = MemorySegment.ofBuffer(into.slice(into.position(), PAGE_BYTES));
    if (slots.length == 1) {
      slots[0].copyBytes((long) page * PAGE_BYTES, bytes);
    } else {
      for (int slot = 0; slot < slots.length; slot++) {
        slots[slot].scatter(halfOf(page, slot), bytes, placeOf(page, slot), strideBytes());
      }
    }
    into.position(into.position() + PAGE_BYTES);
    mustWrite.remove(page);
    lazy.remove(page);
  }

  /** Which 32 bits of a slot are the first in a page, counted from its first bit. */
  private long halfOf(int page, int slot) {
    return Math.ceilDiv((long) page * PAGE_WORDS - slot, slots.length);
  }

  /** Where in the page they are. */
  private long placeOf(int page, int slot) {
    return (halfOf(page, slot) * slots.length + slot - (long) page * PAGE_WORDS) * Integer.BYTES;
  }

  private long strideBytes() {
    return (long) slots.length * Integer.BYTES;
  }

  /** Marks a page again, because writing it failed. */
  public void remark(int page) {
    mustWrite.add(page);
  }

  /**
   * Takes a page's bits from what was read from disk; sets no mark. After the last page, {@link
   * #recount} must follow. Bits behind the end are ignored.
   *
   * @param from holds {@link #PAGE_BYTES} at its position, which moves
   */
  public void decodePage(int page, ByteBuffer from) {
    MemorySegment bytes = MemorySegment.ofBuffer(from.slice(from.position(), PAGE_BYTES));
    if (slots.length == 1) {
      slots[0].putBytes((long) page * PAGE_BYTES, bytes);
    } else {
      for (int slot = 0; slot < slots.length; slot++) {
        slots[slot].gather(halfOf(page, slot), bytes, placeOf(page, slot), strideBytes());
      }
    }
    from.position(from.position() + PAGE_BYTES);
  }

  /** Counts the set bits of every slot, once all pages were read. */
  public void recount() {
    for (SlotBits slot : slots) {
      slot.recount();
    }
  }

  private void mark(PageSet marks, int slot, BitRange range) {
    if (!range.isEmpty()) {
      int last = page(range.end() - 1, slot);
      for (int page = page(range.first(), slot); page <= last; page++) {
        marks.add(page);
      }
    }
  }

  private int page(long bit, int slot) {
    return (int) (area.wordOf(bit, slot) / PAGE_WORDS);
  }
}
