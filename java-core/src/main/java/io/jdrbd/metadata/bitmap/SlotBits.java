package io.jdrbd.metadata.bitmap;

import io.jdrbd.metadata.format.BitRange;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * The bits of one slot. Works on words of 64 bits in segments of half a MiB, so that no single
 * array has to be as large as the bitmap. Bits behind the last are always 0.
 */
final class SlotBits {
  private static final int WORD_BITS = Long.SIZE;
  private static final int SEGMENT_WORDS = 1 << 16;
  private static final long ALL = -1L;

  private long bits;
  private long[][] segments;
  private long weight;

  SlotBits(long bits) {
    this.bits = bits;
    this.segments = new long[0][];
    reshape();
  }

  long bits() {
    return bits;
  }

  /** How many bits are set. */
  long weight() {
    return weight;
  }

  long words() {
    return Math.ceilDiv(bits, WORD_BITS);
  }

  boolean get(long bit) {
    return (word(bit / WORD_BITS) >>> bit & 1) != 0;
  }

  /** 64 bits; 0 behind the end. */
  long word(long index) {
    return index < words() ? segment(index)[offset(index)] : 0;
  }

  /** 32 bits; 0 behind the end. */
  int halfWord(long index) {
    return (int) (word(index / 2) >>> halfShift(index));
  }

  /** Replaces 32 bits without counting; {@link #recount} must follow. */
  void putHalfWord(long index, int value) {
    long wordIndex = index / 2;
    if (wordIndex < words()) {
      int shift = halfShift(index);
      long kept = word(wordIndex) & ~(0xffff_ffffL << shift);
      long word = kept | Integer.toUnsignedLong(value) << shift;
      segment(wordIndex)[offset(wordIndex)] = word & valid(wordIndex);
    }
  }

  /**
   * Gives as many words as fit, 0 behind the end.
   *
   * @param first a word from which on they lie in one segment
   */
  void copyWords(long first, LongBuffer into) {
    int known = Math.clamp(words() - first, 0, into.remaining());
    if (known > 0) {
      into.put(segment(first), offset(first), known);
    }
    while (into.hasRemaining()) {
      into.put(0);
    }
  }

  /**
   * Replaces words without counting; {@link #recount} must follow. Those behind the end are passed
   * over.
   *
   * @param first a word from which on they lie in one segment
   */
  void putWords(long first, LongBuffer from) {
    int known = Math.clamp(words() - first, 0, from.remaining());
    if (known > 0) {
      from.get(segment(first), offset(first), known);
      long last = first + known - 1;
      segment(last)[offset(last)] &= valid(last);
    }
  }

  void recount() {
    weight = 0;
    for (long[] segment : segments) {
      for (long word : segment) {
        weight += Long.bitCount(word);
      }
    }
  }

  /** Adds bits to a word; returns how many were not set before. */
  int or(long index, long mask) {
    long[] segment = segment(index);
    int at = offset(index);
    long added = mask & valid(index) & ~segment[at];
    segment[at] |= added;
    int count = Long.bitCount(added);
    weight += count;
    return count;
  }

  /** Takes bits from a word; returns how many were set before. */
  int andNot(long index, long mask) {
    long[] segment = segment(index);
    int at = offset(index);
    long removed = mask & segment[at];
    segment[at] &= ~removed;
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
    long words = words();
    long index = from / WORD_BITS;
    if (from >= bits) {
      return Bitmap.NO_BIT;
    }
    long word = word(index) & ALL << from;
    while (word == 0) {
      index++;
      if (index >= words) {
        return Bitmap.NO_BIT;
      }
      word = segment(index)[offset(index)];
    }
    return index * WORD_BITS + Long.numberOfTrailingZeros(word);
  }

  void copyFrom(SlotBits other) {
    for (int index = 0; index < segments.length; index++) {
      System.arraycopy(other.segments[index], 0, segments[index], 0, segments[index].length);
    }
    weight = other.weight;
  }

  void mergeFrom(SlotBits other) {
    weight = 0;
    for (int index = 0; index < segments.length; index++) {
      long[] mine = segments[index];
      long[] theirs = other.segments[index];
      for (int word = 0; word < mine.length; word++) {
        mine[word] |= theirs[word];
        weight += Long.bitCount(mine[word]);
      }
    }
  }

  /** Changes the number of bits; new ones are clear, those behind the new end are forgotten. */
  void resize(long newBits) {
    if (newBits < bits) {
      clear(new BitRange(newBits, bits));
    }
    bits = newBits;
    reshape();
  }

  private void reshape() {
    int count = Math.toIntExact(Math.ceilDiv(words(), SEGMENT_WORDS));
    long[][] shaped = Arrays.copyOf(segments, count);
    for (int index = 0; index < count; index++) {
      int length = (int) Math.min(SEGMENT_WORDS, words() - (long) index * SEGMENT_WORDS);
      shaped[index] = shaped[index] == null ? new long[length] : sized(shaped[index], length);
    }
    segments = shaped;
  }

  private static long[] sized(long[] segment, int length) {
    return segment.length == length ? segment : Arrays.copyOf(segment, length);
  }

  private long[] segment(long wordIndex) {
    return segments[(int) (wordIndex / SEGMENT_WORDS)];
  }

  private static int offset(long wordIndex) {
    return (int) (wordIndex % SEGMENT_WORDS);
  }

  private static int halfShift(long halfIndex) {
    return (halfIndex & 1) == 0 ? 0 : Integer.SIZE;
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
