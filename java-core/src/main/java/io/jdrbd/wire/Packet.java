package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * One packet without its header (spec 1.14). The volume is in the header: {@link
 * PacketDecoder#volume()}, {@link PacketEncoder}. Bulk data is not in the record, only its length:
 * it follows the fixed part on the stream.
 */
public sealed interface Packet
    permits HandshakePacket,
        KeepalivePacket,
        NegotiationPacket,
        UuidPacket,
        StatePacket,
        TwopcPacket,
        WritePacket,
        AckPacket,
        RequestPacket,
        ReplyPacket,
        BitmapPacket,
        ChangeStreamPacket {

  /** Its number and name. */
  Command command();

  /** How many bytes follow the fixed part: digest and data, or bits. */
  default int bulkBytes() {
    return 0;
  }

  /**
   * Writes the fixed part.
   *
   * @param out takes it at its writer index
   */
  void writeFixed(ByteBuf out, WireDialect dialect);
}
