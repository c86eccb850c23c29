package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Data for those who asked, on the data stream (spec 2.4.1, 2.22, 6.4). */
public sealed interface ReplyPacket extends Packet {

  /**
   * What a reader asked for; digest and data follow. Sequence number and flags are 0.
   *
   * @param sector of the request
   * @param blockId of the request
   * @param digestBytes size of the digest that follows
   * @param dataBytes size of the data after the digest
   */
  record DataReply(long sector, long blockId, int digestBytes, int dataBytes)
      implements ReplyPacket {
    static DataReply read(ByteBuf in, int payloadBytes, WireDialect dialect) throws WireException {
      DataReply read =
          new DataReply(
              Fields.readSector(Command.P_DATA_REPLY, in),
              in.readLong(),
              dialect.digestBytes(),
              payloadBytes - PayloadBounds.DATA_FIXED - dialect.digestBytes());
      in.skipBytes(Long.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_DATA_REPLY;
    }

    @Override
    public int bulkBytes() {
      return digestBytes + dataBytes;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeLong(0);
    }
  }

  /** What the resync asked for; digest and data follow. The fields are those of DataReply. */
  record RsDataReply(long sector, long blockId, int digestBytes, int dataBytes)
      implements ReplyPacket {
    static RsDataReply read(ByteBuf in, int payloadBytes, WireDialect dialect)
        throws WireException {
      RsDataReply read =
          new RsDataReply(
              Fields.readSector(Command.P_RS_DATA_REPLY, in),
              in.readLong(),
              dialect.digestBytes(),
              payloadBytes - PayloadBounds.DATA_FIXED - dialect.digestBytes());
      in.skipBytes(Long.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_RS_DATA_REPLY;
    }

    @Override
    public int bulkBytes() {
      return digestBytes + dataBytes;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeLong(0);
    }
  }

  /** The range asked for reads as zeroes; below version 122. */
  record RsDeallocated(long sector, int sizeBytes) implements ReplyPacket {
    static RsDeallocated read(ByteBuf in) throws WireException {
      Command command = Command.P_RS_DEALLOCATED;
      RsDeallocated read =
          new RsDeallocated(
              Fields.readSector(command, in),
              Fields.readSize(command, in, PayloadBounds.BULK_BYTES_MAX));
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_RS_DEALLOCATED;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeInt(sizeBytes).writeInt(0);
    }
  }

  /** The range asked for reads as zeroes; from version 122 on. The sequence number is 0. */
  record RsDeallocatedId(long sector, long blockId, int sizeBytes) implements ReplyPacket {
    static RsDeallocatedId read(ByteBuf in) throws WireException {
      Command command = Command.P_RS_DEALLOCATED_ID;
      RsDeallocatedId read =
          new RsDeallocatedId(
              Fields.readSector(command, in),
              in.readLong(),
              Fields.readSize(command, in, PayloadBounds.BULK_BYTES_MAX));
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_RS_DEALLOCATED_ID;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes).writeInt(0);
    }
  }
}
