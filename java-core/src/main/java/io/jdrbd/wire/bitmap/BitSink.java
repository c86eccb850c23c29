package io.jdrbd.wire.bitmap;

/** The bitmap into which a received one is merged; bits are only ever set. */
public interface BitSink {
  /**
   * Sets a run of bits.
   *
   * @param first the first one
   * @param end the one behind the last
   */
  void set(long first, long end);

  /** Sets the bits of the word at that place which are set in {@code word}. */
  void merge(long index, long word);
}
