package io.jdrbd.wire.bitmap;

import io.netty.buffer.ByteBuf;

/** Appends code words to a stream of bits, the least significant bit of a byte first. */
final class RunWriter {
  private final ByteBuf out;
  private final long roomBits;
  private long pending;
  private int pendingBits;
  private long bits;

  RunWriter(ByteBuf out, int roomBytes) {
    this.out = out;
    this.roomBits = (long) roomBytes * Byte.SIZE;
  }

  /** Appends a run, if its code word fits. */
  boolean append(long run) {
    int runClass = RunCode.classOf(run);
    int length = RunCode.bits(runClass);
    if (bits + length > roomBits) {
      return false;
    }
    bits += length;
    long code = RunCode.encode(runClass, run);
    pending |= code << pendingBits;
    int filled = pendingBits + length;
    if (filled >= Long.SIZE) {
      out.writeLongLE(pending);
      int taken = Long.SIZE - pendingBits;
      pending = taken == Long.SIZE ? 0 : code >>> taken;
      filled -= Long.SIZE;
    }
    pendingBits = filled;
    return true;
  }

  /** Writes what is left, up to a whole byte. */
  void finish() {
    for (int written = 0; written < pendingBits; written += Byte.SIZE) {
      out.writeByte((int) (pending >>> written));
    }
    pendingBits = 0;
  }

  /** How many bytes the code takes. */
  int bytes() {
    return (int) Math.ceilDiv(bits, (long) Byte.SIZE);
  }

  /** How many bits of the last byte are not used. */
  int padBits() {
    return (int) ((long) bytes() * Byte.SIZE - bits);
  }
}
