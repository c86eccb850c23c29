package io.jdrbd.metadata.bitmap;

import io.jdrbd.metadata.format.BitRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The bits of one slot, in memory that its bitmap gives: little endian as on disk, in words of 64
 * bits, 0 behind the last bit.
 */
final class SlotBits {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt HALF_WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int WORD_BITS = Long.SIZE;
  private static final long ALL = -1L;

  private long bits;
  private MemorySegment words;
  private long weight;

  /**
   * @param memory zeroes, {@link #bytes} long
   */
  SlotBits(long bits, MemorySegment memory) {
    this.bits = bits;
    this.words = memory;
  }

  /** What so many bits need. */
  static long bytes(long bits) {
    return Math.ceilDiv(bits, WORD_BITS) * Long.BYTES;
  }

  /** How many bits are set. */
  long weight() {
    return weight;
  }

  long words() {
    return words.byteSize() / Long.BYTES;
  }

  boolean get(long bit) {
    return (word(bit / WORD_BITS) >>> bit & 1) != 0;
  }

  /** 64 bits; 0 behind the end. */
  long word(long index) {
    return index < words() ? at(index) : 0;
  }

  private long at(long index) {
    return words.get(WORD, index * Long.BYTES);
  }

  private void put(long index, long word) {
    words.set(WORD, index * Long.BYTES, word);
  }

  /**
   * Gives as many bytes as fit, 0 behind the end.
   *
   * @param firstByte counted from the slot's first bit
   */
  void copyBytes(long firstByte, MemorySegment into) {
    long known = Math.clamp(words.byteSize() - firstByte, 0, into.byteSize());
    if (known > 0) {
      into.asSlice(0, known).copyFrom(words.asSlice(firstByte, known));
    }
    into.asSlice(known).fill((byte) 0);
  }

  /**
   * Replaces bytes without counting; {@link #recount} must follow. Those behind the end are passed
   * over.
   *
   * @param firstByte counted from the slot's first bit
   */
  void putBytes(long firstByte, MemorySegment from) {
    long known = Math.clamp(words.byteSize() - firstByte, 0, from.byteSize());
    if (known > 0) {
      words.asSlice(firstByte, known).copyFrom(from.asSlice(0, known));
    }
  }

  /**
   * Gives 32 bits each to every {@code strideBytes}-th place, until the end of {@code into}.
   *
   * @param firstHalf counted from the slot's first bit
   */
  void scatter(long firstHalf, MemorySegment into, long firstByte, long strideBytes) {
    long half = firstHalf * Integer.BYTES;
    long known = words.byteSize();
    for (long at = firstByte; at < into.byteSize(); at += strideBytes) {
      into.set(HALF_WORD, at, half < known ? words.get(HALF_WORD, half) : 0);
      half += Integer.BYTES;
    }
  }

  /**
   * The reverse of {@link #scatter}, without counting; {@link #recount} must follow. Those behind
   * the end are passed over.
   */
  void gather(long firstHalf, MemorySegment from, long firstByte, long strideBytes) {
    long half = firstHalf * Integer.BYTES;
    long known = words.byteSize();
    for (long at = firstByte; at < from.byteSize() && half < known; at += strideBytes) {
      words.set(HALF_WORD, half, from.get(HALF_WORD, at));
      half += Integer.BYTES;
    }
  }

  /** Counts, and forgets what came from disk behind the last bit. */
  void recount() {
    if (bits % WORD_BITS != 0) {
      long last = words() - 1;
      put(last, at(last) & valid(last));
    }
    long count = 0;
    for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
      count += Long.bitCount(words.get(WORD, at));
    }
    weight = count;
  }

  /** Adds bits to a word; returns how many were not set before. */
  int or(long index, long mask) {
    long word = at(index);
    long added = mask & valid(index) & ~word;
    put(index, word | added);
    int count = Long.bitCount(added);
    weight += count;
    return count;
  }

  /** Takes bits from a word; returns how many were set before. */
  int andNot(long index, long mask) {
    long word = at(index);
    long removed = mask & word;
    put(index, word & ~removed);
    int count = Long.bitCount(removed);
    weight -= count;
    return count;
  }

  /** Sets a range; returns how many bits were not set before. */
  long set(BitRange range) {
    long changed = 0;
    for (long index = range.first() / WORD_BITS; index * WORD_BITS < range.end(); index++) {
      changed += or(index, mask(index, range));
    }
    return changed;
  }

  /** Clears a range; returns how many bits were set before. */
  long clear(BitRange range) {
    long changed = 0;
    for (long index = range.first() / WORD_BITS; index * WORD_BITS < range.end(); index++) {
      changed += andNot(index, mask(index, range));
    }
    return changed;
  }

  /** How many bits of a range are set. */
  long count(BitRange range) {
    long count = 0;
    for (long index = range.first() / WORD_BITS; index * WORD_BITS < range.end(); index++) {
      count += Long.bitCount(word(index) & mask(index, range));
    }
    return count;
  }

  /** The first set bit from {@code from} on, or {@link Bitmap#NO_BIT}. */
  long next(long from) {
    if (from >= bits) {
      return Bitmap.NO_BIT;
    }
    long words = words();
    long index = from / WORD_BITS;
    long word = at(index) & ALL << from;
    while (word == 0) {
      index++;
      if (index >= words) {
        return Bitmap.NO_BIT;
      }
      word = at(index);
    }
    return index * WORD_BITS + Long.numberOfTrailingZeros(word);
  }

  void copyFrom(SlotBits other) {
    words.copyFrom(other.words);
    weight = other.weight;
  }

  void mergeFrom(SlotBits other) {
    long count = 0;
    for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
      long merged = words.get(WORD, at) | other.words.get(WORD, at);
      words.set(WORD, at, merged);
      count += Long.bitCount(merged);
    }
    weight = count;
  }

  /**
   * Changes the number of bits; new ones are clear, those behind the new end are forgotten.
   *
   * @param memory zeroes, {@link #bytes} long, used from now on
   */
  void resize(long newBits, MemorySegment memory) {
    if (newBits < bits) {
      clear(new BitRange(newBits, bits));
    }
    long kept = Math.min(words.byteSize(), memory.byteSize());
    memory.asSlice(0, kept).copyFrom(words.asSlice(0, kept));
    bits = newBits;
    words = memory;
  }

  /** Bits of a word that exist. */
  private long valid(long wordIndex) {
    long behind = bits - wordIndex * WORD_BITS;
    return behind >= WORD_BITS ? ALL : ~(ALL << behind);
  }

  /** Bits of a word that lie in the range. */
  private static long mask(long wordIndex, BitRange range) {
    long start = wordIndex * WORD_BITS;
    long fromFirst = range.first() > start ? ALL << range.first() : ALL;
    long toEnd = range.end() - start >= WORD_BITS ? ALL : ~(ALL << range.end());
    return fromFirst & toEnd;
  }
}
