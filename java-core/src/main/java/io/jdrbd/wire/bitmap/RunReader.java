package io.jdrbd.wire.bitmap;

import io.jdrbd.wire.Command;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;

/** Takes runs from a stream of code words. */
final class RunReader {
  private final ByteBuf in;
  private final int start;
  private final long bits;
  private long position;

  /**
   * Reads from the reader index on, which stays.
   *
   * @param bits how many bits of the code count
   */
  RunReader(ByteBuf in, long bits) {
    this.in = in;
    this.start = in.readerIndex();
    this.bits = bits;
  }

  boolean hasNext() {
    return position < bits;
  }

  /** The next run. */
  long next() throws WireException {
    long unread = unread();
    int runClass = RunCode.classAt(unread);
    int length = RunCode.bits(runClass);
    if (length > bits - position) {
      throw new WireException(
          Command.P_COMPRESSED_BITMAP
              + ": code word of %d bits with %d bits left".formatted(length, bits - position));
    }
    position += length;
    return RunCode.decode(runClass, unread);
  }

  /** The next 64 bits, zeroes behind the end. */
  private long unread() {
    int index = start + (int) (position >>> 3);
    int shift = (int) position & 7;
    int end = start + (int) Math.ceilDiv(bits, (long) Byte.SIZE);
    if (end - index > Long.BYTES) {
      long low = in.getLongLE(index) >>> shift;
      return shift == 0
          ? low
          : low | ((long) in.getByte(index + Long.BYTES) << (Long.SIZE - shift));
    }
    long tail = 0;
    for (int i = end - 1; i >= index; i--) {
      tail = (tail << Byte.SIZE) | in.getUnsignedByte(i);
    }
    return tail >>> shift;
  }
}
