package io.jdrbd.wire.bitmap;

/** The bitmap that is sent, one bit for each block of 4 KiB. */
public interface BitSource {
  /** How many bits there are. */
  long bits();

  /**
   * 64 bits; bit 0 of word 0 is the first of all. Bits behind the last one are 0.
   *
   * @param index 0 to ceil(bits / 64) - 1
   */
  long word(long index);
}
