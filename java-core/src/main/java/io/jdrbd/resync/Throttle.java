package io.jdrbd.resync;

import java.util.function.LongSupplier;

/** Whether a resync stands back because applications use the disk (c-min-rate, spec 6.17). */
final class Throttle {
  /** So much is no sign of applications. */
  private static final long QUIET_BYTES = 64 * 512;

  private final LongSupplier applicationBytes;
  private long seenBytes;

  /**
   * @param applicationBytes read and written for applications until now, here or on a peer; may
   *     begin anew
   */
  Throttle(LongSupplier applicationBytes) {
    this.applicationBytes = applicationBytes;
    this.seenBytes = applicationBytes.getAsLong();
  }

  /**
   * Whether it has to wait now.
   *
   * @param minKib {@code c-min-rate}; 0 for never
   * @param speedKib how fast it goes
   */
  boolean applies(int minKib, long speedKib) {
    long now = applicationBytes.getAsLong();
    boolean active = now - seenBytes > QUIET_BYTES;
    if (active || now < seenBytes) {
      seenBytes = now;
    }
    return active && minKib > 0 && speedKib > minKib;
  }
}
