package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** The three packet headers; they are told apart by their magic (spec 1.5). */
public enum HeaderFormat {
  /** Magic 4, command 2, length 2. */
  H80(8),
  /** Magic 2, command 2, length 4. */
  H95(8),
  /** Magic 4, volume 2, command 2, length 4, pad 4. */
  H100(16);

  /** The volume of packets about the whole connection, as seen by jdrbd. */
  public static final int NO_VOLUME = -1;

  /** A larger payload is sent with format 95, if the peer knows it. */
  static final int H80_PAYLOAD_BYTES_MAX = 32768;

  static final int MAGIC_80 = 0x83740267;
  static final int MAGIC_95 = 0x835a;
  static final int MAGIC_100 = 0x8620ec20;

  private static final int WIRE_NO_VOLUME = 0xffff;

  private final int bytes;

  HeaderFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Size of the header. */
  public int bytes() {
    return bytes;
  }

  /**
   * The format of the header that begins at the reader index; reads nothing.
   *
   * @param in has at least four readable bytes
   * @throws WireException if no header begins so
   */
  static HeaderFormat at(ByteBuf in) throws WireException {
    int magic = in.getInt(in.readerIndex());
    if (magic == MAGIC_100) {
      return H100;
    } else if (magic == MAGIC_80) {
      return H80;
    } else if (magic >>> 16 == MAGIC_95) {
      return H95;
    }
    throw new WireException(
        "packet begins with %08x, must be %08x, %08x or %04x"
            .formatted(magic, MAGIC_100, MAGIC_80, MAGIC_95));
  }

  /**
   * Writes a header.
   *
   * @param volume 0..65534 or {@link #NO_VOLUME}; only format 100 carries it
   * @param payloadBytes what follows the header
   */
  void write(ByteBuf out, Command command, int volume, int payloadBytes) {
    switch (this) {
      case H80 -> {
        if (payloadBytes > 0xffff) {
          throw new IllegalArgumentException(
              "%s of %d bytes does not fit into a header of format 80"
                  .formatted(command.name(), payloadBytes));
        }
        out.writeInt(MAGIC_80).writeShort(command.code()).writeShort(payloadBytes);
      }
      case H95 -> out.writeShort(MAGIC_95).writeShort(command.code()).writeInt(payloadBytes);
      case H100 ->
          out.writeInt(MAGIC_100)
              .writeShort(volume)
              .writeShort(command.code())
              .writeInt(payloadBytes)
              .writeInt(0);
    }
  }

  /** The length field of a header that was just begun at the index. */
  void setPayloadBytes(ByteBuf out, int headerIndex, int payloadBytes) {
    switch (this) {
      case H80 -> out.setShort(headerIndex + 6, payloadBytes);
      case H95 -> out.setInt(headerIndex + 4, payloadBytes);
      case H100 -> out.setInt(headerIndex + 8, payloadBytes);
    }
  }

  /** The volume of the header at the index, {@link #NO_VOLUME} for the whole connection. */
  int volume(ByteBuf in, int headerIndex) {
    if (this != H100) {
      return 0;
    }
    int volume = in.getUnsignedShort(headerIndex + 4);
    return volume == WIRE_NO_VOLUME ? NO_VOLUME : volume;
  }

  /** The number of the command of the header at the index. */
  int command(ByteBuf in, int headerIndex) {
    return switch (this) {
      case H80 -> in.getUnsignedShort(headerIndex + 4);
      case H95 -> in.getUnsignedShort(headerIndex + 2);
      case H100 -> in.getUnsignedShort(headerIndex + 6);
    };
  }

  /** The length of the header at the index, as a number without sign. */
  long payloadBytes(ByteBuf in, int headerIndex) {
    return switch (this) {
      case H80 -> in.getUnsignedShort(headerIndex + 6);
      case H95 -> in.getUnsignedInt(headerIndex + 4);
      case H100 -> in.getUnsignedInt(headerIndex + 8);
    };
  }

  /** The last field of format 100, which must be 0; 0 for the others. */
  int pad(ByteBuf in, int headerIndex) {
    return this == H100 ? in.getInt(headerIndex + 12) : 0;
  }
}
