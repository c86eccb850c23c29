package io.jdrbd.wire.bitmap;

/**
 * The code words for run lengths (spec 6.2.3): a prefix that names the class, then the run minus
 * the first one of its class. Both begin with the least significant bit.
 */
final class RunCode {
  /** The longest code word. */
  static final int BITS_MAX = 64;

  /** The longest run that has a code word. */
  static final long RUN_MAX = 72_057_611_219_902_768L;

  private static final int[] PREFIX_BITS = {1, 2, 3, 4, 5, 6, 8, 8, 8, 8};
  private static final int[] PREFIX = {0, 1, 3, 7, 0xf, 0x1f, 0x3f, 0x7f, 0xbf, 0xff};
  private static final int[] DATA_BITS = {1, 1, 2, 3, 5, 8, 13, 21, 34, 56};
  private static final long[] FIRST = firsts();
  private static final byte[] CLASS_OF_LOW_BITS = classes();

  private RunCode() {}

  /** The class of a run length. */
  static int classOf(long run) {
    if (run < 1 || run > RUN_MAX) {
      throw new IllegalArgumentException("run of %d bits, must be 1 to %d".formatted(run, RUN_MAX));
    }
    int found = 0;
    while (found < FIRST.length - 1 && run >= FIRST[found + 1]) {
      found++;
    }
    return found;
  }

  /** The class of the code word that the unread stream begins with. */
  static int classAt(long unread) {
    return CLASS_OF_LOW_BITS[(int) unread & 0xff];
  }

  /** Length of the code words of a class. */
  static int bits(int runClass) {
    return PREFIX_BITS[runClass] + DATA_BITS[runClass];
  }

  /** The code word of a run. */
  static long encode(int runClass, long run) {
    return ((run - FIRST[runClass]) << PREFIX_BITS[runClass]) | PREFIX[runClass];
  }

  /** The run whose code word the unread stream begins with. */
  static long decode(int runClass, long unread) {
    long data = (unread >>> PREFIX_BITS[runClass]) & ((1L << DATA_BITS[runClass]) - 1);
    return FIRST[runClass] + data;
  }

  /** Each class begins where the one before it ends. */
  private static long[] firsts() {
    long[] firsts = new long[DATA_BITS.length];
    firsts[0] = 1;
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = firsts[i - 1] + (1L << DATA_BITS[i - 1]);
    }
    return firsts;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int low = 0; low < classes.length; low++) {
      for (byte i = 0; i < PREFIX.length; i++) {
        if ((low & ((1 << PREFIX_BITS[i]) - 1)) == PREFIX[i]) {
          classes[low] = i;
        }
      }
    }
    return classes;
  }
}
