package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * The first bytes of a socket, sent by the node that dialled it: they say which stream it is to
 * become (spec 1.4.1). They are in the clear and of header format 80, always.
 */
public final class FirstPacket {
  /** The accepting node reads exactly so many. */
  public static final int BYTES = 8;

  private FirstPacket() {}

  /** Writes the first packet of a stream. */
  public static void write(ByteBuf out, StreamKind stream) {
    HeaderFormat.H80.write(out, command(stream), 0, 0);
  }

  /**
   * Reads a first packet; its length field is not looked at.
   *
   * @param in has at least {@link #BYTES} readable bytes
   * @return what the socket is to become
   * @throws WireException if it is no first packet
   */
  public static StreamKind read(ByteBuf in) throws WireException {
    int index = in.readerIndex();
    HeaderFormat format = HeaderFormat.at(in);
    int code = format.command(in, index);
    if (format == HeaderFormat.H80) {
      for (StreamKind stream : StreamKind.values()) {
        if (code == command(stream).code()) {
          in.skipBytes(BYTES);
          return stream;
        }
      }
    }
    throw new WireException(
        "first packet is 0x%02x with a header of format %s, must be %s or %s with one of format %s"
            .formatted(
                code, format, Command.P_INITIAL_DATA, Command.P_INITIAL_META, HeaderFormat.H80));
  }

  private static Command command(StreamKind stream) {
    return switch (stream) {
      case DATA -> Command.P_INITIAL_DATA;
      case CONTROL -> Command.P_INITIAL_META;
    };
  }
}
