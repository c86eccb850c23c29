package io.jdrbd.wire.bitmap;

/** Finds the ends of runs in a bitmap, 64 bits at a time. */
final class Runs {
  private Runs() {}

  static boolean isSet(BitSource source, long bit) {
    return ((source.word(bit / Long.SIZE) >>> (bit % Long.SIZE)) & 1) != 0;
  }

  /** The first bit from {@code from} on that is not {@code set}, or the number of bits. */
  static long end(BitSource source, long from, boolean set) {
    long bits = source.bits();
    long index = from / Long.SIZE;
    long other = other(source, index, set) & (-1L << (from % Long.SIZE));
    long words = Math.ceilDiv(bits, (long) Long.SIZE);
    while (other == 0 && index + 1 < words) {
      index++;
      other = other(source, index, set);
    }
    return other == 0
        ? bits
        : Math.min(bits, index * Long.SIZE + Long.numberOfTrailingZeros(other));
  }

  private static long other(BitSource source, long index, boolean set) {
    long word = source.word(index);
    return set ? ~word : word;
  }
}
