package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The header of a request, compact (28 bytes) or extended (32 bytes). One instance is decoded into
 * again and again, so that requests cost no allocation.
 */
public final class RequestHeader {
  /** Magic, flags, type, cookie, offset, 32-bit length. */
  public static final int COMPACT_BYTES = 28;

  /** Magic, flags, type, cookie, offset, 64-bit length. */
  public static final int EXTENDED_BYTES = 32;

  private int flags;
  private int type;
  private long cookie;
  private long offsetBytes;
  private long lengthBytes;

  /** The size of a header of either kind. */
  public static int bytes(boolean extended) {
    return extended ? EXTENDED_BYTES : COMPACT_BYTES;
  }

  /**
   * Reads a header.
   *
   * @param in has at least {@link #bytes} readable bytes
   * @param extended which kind was agreed on
   * @throws ProtocolException if it does not begin with the kind's magic
   */
  public void decode(ByteBuf in, boolean extended) throws ProtocolException {
    int expected = extended ? NbdMagic.EXTENDED_REQUEST : NbdMagic.COMPACT_REQUEST;
    int magic = in.readInt();
    if (magic != expected) {
      throw new ProtocolException(
          "request begins with 0x%08x instead of 0x%08x".formatted(magic, expected));
    }
    flags = in.readUnsignedShort();
    type = in.readUnsignedShort();
    cookie = in.readLong();
    offsetBytes = in.readLong();
    lengthBytes = extended ? in.readLong() : in.readUnsignedInt();
  }

  /** The 16 bits of {@link CommandFlag}. */
  public int flags() {
    return flags;
  }

  /** The number of an {@link NbdCommand}, or one that is not known. */
  public int type() {
    return type;
  }

  /** The client's own number of the request, returned in the reply. */
  public long cookie() {
    return cookie;
  }

  /** Unsigned: negative values are beyond any export. */
  public long offsetBytes() {
    return offsetBytes;
  }

  /** Unsigned: negative values are beyond any export. */
  public long lengthBytes() {
    return lengthBytes;
  }
}
