package io.jdrbd.metadata.text;

import java.io.IOException;

/** One slot's bitmap in the way dump-md writes it: lines of four words of 64 bits, runs counted. */
final class BitmapText {
  /** A line has eight words of 32 bits. */
  private static final int LINE_WORDS = 8;

  /** A run of equal words is worth counting from two lines on. */
  private static final int RUN_WORDS_MIN = 2 * LINE_WORDS;

  private static final int COMMENT_EVERY_WORDS = 64;
  private static final int COMMENT_KIB_PER_WORD = 128;

  private final Appendable out;
  private final WordSource source;
  private final int slots;
  private final int slot;
  private final long words;
  private long bitsSet;

  /**
   * @param areaWords words of 32 bits in the whole area
   */
  BitmapText(Appendable out, WordSource source, int slots, int slot, long areaWords) {
    this.out = out;
    this.source = source;
    this.slots = slots;
    this.slot = slot;
    this.words = (areaWords - slot + slots - 1) / slots;
  }

  /** Writes everything between the braces and returns how many bits are set. */
  long write() throws IOException {
    long at = 0;
    while (at < words) {
      beginLine(at);
      long run = runLength(at) / LINE_WORDS * LINE_WORDS;
      if (run >= RUN_WORDS_MIN) {
        int word = word(at);
        bitsSet += run * Integer.bitCount(word);
        out.append(" %d times 0x%08X%08X;".formatted(run / 2, word, word));
        at += run;
      } else {
        at = writeLine(at);
      }
    }
    return bitsSet;
  }

  private void beginLine(long at) throws IOException {
    long interleaved = at * slots + slot;
    if (interleaved % COMMENT_EVERY_WORDS == slot) {
      out.append("\n   # at %dkB".formatted(COMMENT_KIB_PER_WORD * at * slots));
    }
    out.append("\n   ");
  }

  private long writeLine(long start) throws IOException {
    long end = Math.min(start + LINE_WORDS, words);
    long at = start;
    for (; at + 1 < end; at += 2) {
      int low = word(at);
      int high = word(at + 1);
      bitsSet += Integer.bitCount(low) + Integer.bitCount(high);
      out.append(" 0x%08X%08X;".formatted(high, low));
    }
    return end;
  }

  private long runLength(long start) throws IOException {
    int first = word(start);
    long end = start + 1;
    while (end < words && word(end) == first) {
      end++;
    }
    return end - start;
  }

  private int word(long index) throws IOException {
    return source.word(index * slots + slot);
  }
}
