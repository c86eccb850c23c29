package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** What a Primary sends for its writes, on the data stream (spec 2.4, 2.9, 2.11). */
public sealed interface WritePacket extends Packet {
  /** The largest range of one P_TRIM or P_ZEROES. */
  int TRIM_BYTES_MAX = 128 << 20;

  /**
   * A write; digest and data follow.
   *
   * @param sector the first one
   * @param blockId the sender's handle, echoed in every ack
   * @param seqNum the sender's packet sequence number
   * @param flags {@link DataFlags}
   * @param digestBytes size of the digest that follows
   * @param dataBytes size of the data after the digest
   */
  record Data(long sector, long blockId, int seqNum, int flags, int digestBytes, int dataBytes)
      implements WritePacket {

    static Data read(ByteBuf in, int payloadBytes, WireDialect dialect) throws WireException {
      return new Data(
          Fields.readSector(Command.P_DATA, in),
          in.readLong(),
          in.readInt(),
          in.readInt(),
          dialect.digestBytes(),
          payloadBytes - PayloadBounds.DATA_FIXED - dialect.digestBytes());
    }

    /**
     * Writes header and fixed part without a record: the hot way. Digest and data are to follow.
     *
     * @param dataBytes size of the data; that of the digest is the dialect's
     */
    @SuppressWarnings("TooManyParameters") // the fields of the packet
    public static void encode(
        ByteBuf out,
        WireDialect dialect,
        int volume,
        long sector,
        long blockId,
        int seqNum,
        int flags,
        int dataBytes) {
      int payloadBytes = PayloadBounds.DATA_FIXED + dialect.digestBytes() + dataBytes;
      dialect.headerFormat(payloadBytes).write(out, Command.P_DATA, volume, payloadBytes);
      out.writeLong(sector).writeLong(blockId).writeInt(seqNum).writeInt(flags);
    }

    @Override
    public Command command() {
      return Command.P_DATA;
    }

    @Override
    public int bulkBytes() {
      return digestBytes + dataBytes;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(seqNum).writeInt(flags);
    }
  }

  /** A discard (spec 2.9); the fields are those of {@link Data}. */
  record Trim(long sector, long blockId, int seqNum, int flags, int sizeBytes)
      implements WritePacket {
    static Trim read(ByteBuf in) throws WireException {
      Command command = Command.P_TRIM;
      return new Trim(
          Fields.readSector(command, in),
          in.readLong(),
          in.readInt(),
          in.readInt(),
          Fields.readSize(command, in, TRIM_BYTES_MAX));
    }

    @Override
    public Command command() {
      return Command.P_TRIM;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(seqNum).writeInt(flags);
      out.writeInt(sizeBytes);
    }
  }

  /** A range that is to read as zeroes (spec 2.9); the fields are those of {@link Data}. */
  record Zeroes(long sector, long blockId, int seqNum, int flags, int sizeBytes)
      implements WritePacket {
    static Zeroes read(ByteBuf in) throws WireException {
      Command command = Command.P_ZEROES;
      return new Zeroes(
          Fields.readSector(command, in),
          in.readLong(),
          in.readInt(),
          in.readInt(),
          Fields.readSize(command, in, TRIM_BYTES_MAX));
    }

    @Override
    public Command command() {
      return Command.P_ZEROES;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(seqNum).writeInt(flags);
      out.writeInt(sizeBytes);
    }
  }

  /** The end of a write epoch. */
  record Barrier(int barrier) implements WritePacket {
    static Barrier read(ByteBuf in) {
      Barrier read = new Barrier(in.readInt());
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_BARRIER;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(barrier).writeInt(0);
    }
  }

  /** A hint: start the queued disk I/O now. */
  record UnplugRemote() implements WritePacket {
    @Override
    public Command command() {
      return Command.P_UNPLUG_REMOTE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /** "I changed this range and do not send it." */
  record OutOfSync(long sector, int sizeBytes) implements WritePacket {
    static OutOfSync read(ByteBuf in) throws WireException {
      Command command = Command.P_OUT_OF_SYNC;
      OutOfSync read =
          new OutOfSync(
              Fields.readSector(command, in), Fields.readSize(command, in, Fields.ANY_SIZE));
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_OUT_OF_SYNC;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeInt(sizeBytes).writeInt(0);
    }
  }
}
