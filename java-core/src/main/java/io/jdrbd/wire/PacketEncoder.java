package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * Writes header and fixed part of packets; bulk data is to follow, by reference. Writes and their
 * acknowledgements have a shorter way: {@link WritePacket.Data#encode}, {@link
 * AckPacket.BlockAck#encode}.
 */
public final class PacketEncoder {
  private PacketEncoder() {}

  /**
   * Writes a packet but for its bulk data.
   *
   * @param out takes it at its writer index
   * @param volume 0..65534, or {@link HeaderFormat#NO_VOLUME} for a packet about the connection
   * @param dialect what the direction speaks; {@link WireDialect#BEFORE_AGREEMENT} for the first
   *     packets and P_CONNECTION_FEATURES
   */
  public static void encode(ByteBuf out, WireDialect dialect, int volume, Packet packet) {
    int bulkBytes = packet.bulkBytes();
    HeaderFormat format = dialect.headerFormat(PayloadBounds.DATA_FIXED + bulkBytes);
    int headerIndex = out.writerIndex();
    format.write(out, packet.command(), volume, bulkBytes);
    packet.writeFixed(out, dialect);
    int fixedBytes = out.writerIndex() - headerIndex - format.bytes();
    format.setPayloadBytes(out, headerIndex, fixedBytes + bulkBytes);
  }
}
