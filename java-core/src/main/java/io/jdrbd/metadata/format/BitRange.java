package io.jdrbd.metadata.format;

/**
 * A run of bits.
 *
 * @param first the first bit
 * @param end the bit behind the last; equal to {@code first} where the run is empty
 */
public record BitRange(long first, long end) {
  public BitRange {
    if (first < 0 || end < first) {
      throw new IllegalArgumentException("bits %d to %d".formatted(first, end));
    }
  }

  /** Whether there is no bit in it. */
  public boolean isEmpty() {
    return first == end;
  }

  /** The part of it below {@code bits}. */
  public BitRange clippedTo(long bits) {
    return new BitRange(Math.min(first, bits), Math.min(end, bits));
  }
}
