package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What precedes the data of an option.
 *
 * @param option the number of an {@link NbdOption}, or one that is not known
 * @param lengthBytes of the data, from 0 to 2^32-1
 */
public record OptionHeader(int option, long lengthBytes) {
  /** Magic, option, length. */
  public static final int BYTES = 16;

  /**
   * Reads a header.
   *
   * @param in has at least {@link #BYTES} readable bytes
   * @throws ProtocolException if it does not begin with {@link NbdMagic#OPTION}
   */
  public static OptionHeader decode(ByteBuf in) throws ProtocolException {
    long magic = in.readLong();
    if (magic != NbdMagic.OPTION) {
      throw new ProtocolException(
          "option begins with 0x%016x instead of 0x%016x".formatted(magic, NbdMagic.OPTION));
    }
    return new OptionHeader(in.readInt(), in.readUnsignedInt());
  }
}
