package io.jdrbd.wire.bitmap;

/** A bitmap for tests, of the size that its words allow. */
final class TestBits implements BitSource, BitSink {
  private final long bits;
  private final long[] words;

  TestBits(long bits) {
    this.bits = bits;
    this.words = new long[(int) Math.ceilDiv(bits, (long) Long.SIZE)];
  }

  static TestBits ofRuns(long bits, boolean firstRunSet, long... runs) {
    TestBits made = new TestBits(bits);
    long position = 0;
    boolean set = firstRunSet;
    for (long run : runs) {
      if (set) {
        made.set(position, position + run);
      }
      position += run;
      set = !set;
    }
    return made;
  }

  @Override
  public long bits() {
    return bits;
  }

  @Override
  public long word(long index) {
    return words[(int) index];
  }

  @Override
  public void set(long first, long end) {
    if (first < 0 || first >= end || end > bits) {
      throw new IllegalArgumentException("%d to %d of %d".formatted(first, end, bits));
    }
    for (long bit = first; bit < end; bit++) {
      words[(int) (bit / Long.SIZE)] |= 1L << (bit % Long.SIZE);
    }
  }

  @Override
  public void merge(long index, long word) {
    words[(int) index] |= word;
  }

  long[] words() {
    return words;
  }

  boolean containsAll(TestBits other) {
    boolean contains = true;
    for (int i = 0; i < words.length; i++) {
      contains &= (other.words[i] & ~words[i]) == 0;
    }
    return contains;
  }
}
