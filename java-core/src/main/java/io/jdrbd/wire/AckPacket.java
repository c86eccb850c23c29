package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Answers to writes and to resync, on the control stream (spec 2.4, 2.10, 6.4). */
public sealed interface AckPacket extends Packet {

  /**
   * One request was received, written, refused ... (spec 2.4.3).
   *
   * @param kind what happened to it
   * @param sector of the request
   * @param blockId of the request
   * @param sizeBytes of the request
   * @param seqNum the acking node's own sequence number
   */
  record BlockAck(Kind kind, long sector, long blockId, int sizeBytes, int seqNum)
      implements AckPacket {

    /** What happened to the request. */
    public enum Kind {
      /** Protocol B: the data was received. */
      RECV_ACK(Command.P_RECV_ACK),
      /** The data was written. */
      WRITE_ACK(Command.P_WRITE_ACK),
      /** A resync write, or below 122 any write after which bits were cleared. */
      RS_WRITE_ACK(Command.P_RS_WRITE_ACK),
      /** The write lost against one of the other Primary; 8.4 only. */
      SUPERSEDED(Command.P_SUPERSEDED),
      /** The write failed. */
      NEG_ACK(Command.P_NEG_ACK),
      /** The read failed. */
      NEG_DREPLY(Command.P_NEG_DREPLY),
      /** The resync read failed. */
      NEG_RS_DREPLY(Command.P_NEG_RS_DREPLY),
      /** What verify found, below 122; the block id is one of {@link AckPacket#OV_IN_SYNC} ... */
      OV_RESULT(Command.P_OV_RESULT),
      /** The digests of a block are equal: no data is sent. */
      RS_IS_IN_SYNC(Command.P_RS_IS_IN_SYNC),
      /** The resync request is not answered now. */
      RS_CANCEL(Command.P_RS_CANCEL),
      /** Send the write again; 8.4 only. */
      RETRY_WRITE(Command.P_RETRY_WRITE),
      /** The resync request is not answered, the source is Ahead. */
      RS_CANCEL_AHEAD(Command.P_RS_CANCEL_AHEAD),
      /** The data was written and bits were cleared. */
      WRITE_ACK_IN_SYNC(Command.P_WRITE_ACK_IN_SYNC),
      /** The resync write failed. */
      RS_NEG_ACK(Command.P_RS_NEG_ACK);

      private final Command command;

      Kind(Command command) {
        this.command = command;
      }
    }

    static BlockAck read(Kind kind, ByteBuf in) throws WireException {
      return new BlockAck(
          kind,
          Fields.readSector(kind.command, in),
          in.readLong(),
          Fields.readSize(kind.command, in, WritePacket.TRIM_BYTES_MAX),
          in.readInt());
    }

    /** Writes header and body without a record: the hot way. */
    @SuppressWarnings("TooManyParameters") // the fields of the packet
    public static void encode(
        ByteBuf out,
        WireDialect dialect,
        int volume,
        Kind kind,
        long sector,
        long blockId,
        int sizeBytes,
        int seqNum) {
      int payloadBytes = 24;
      dialect.headerFormat(payloadBytes).write(out, kind.command, volume, payloadBytes);
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes).writeInt(seqNum);
    }

    @Override
    public Command command() {
      return kind.command;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes).writeInt(seqNum);
    }
  }

  /** The block id of P_OV_RESULT for a block that was not compared. */
  long OV_SKIPPED = 4710;

  /** The block id of P_OV_RESULT for equal blocks. */
  long OV_IN_SYNC = 4711;

  /** The block id of P_OV_RESULT for blocks that differ. */
  long OV_OUT_OF_SYNC = 4712;

  /** A whole epoch is stable. */
  record BarrierAck(int barrier, int setSize) implements AckPacket {
    static BarrierAck read(ByteBuf in) {
      return new BarrierAck(in.readInt(), in.readInt());
    }

    @Override
    public Command command() {
      return Command.P_BARRIER_ACK;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(barrier).writeInt(setSize);
    }
  }

  /** A run of requests of an open epoch is stable (spec 2.11.4). */
  record ConfirmStable(long oldestBlockId, long youngestBlockId, int setSize) implements AckPacket {
    static ConfirmStable read(ByteBuf in) {
      ConfirmStable read = new ConfirmStable(in.readLong(), in.readLong(), in.readInt());
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_CONFIRM_STABLE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(oldestBlockId).writeLong(youngestBlockId).writeInt(setSize).writeInt(0);
    }
  }

  /**
   * What verify found, from 122 on (spec 6.4).
   *
   * @param result 0 skipped, 1 in sync, 2 out of sync
   */
  record OvResultId(long sector, long blockId, int sizeBytes, int seqNum, int result)
      implements AckPacket {
    /** Not compared. */
    public static final int SKIPPED = 0;

    /** Equal. */
    public static final int IN_SYNC = 1;

    /** Different. */
    public static final int OUT_OF_SYNC = 2;

    static OvResultId read(ByteBuf in) throws WireException {
      Command command = Command.P_OV_RESULT_ID;
      OvResultId read =
          new OvResultId(
              Fields.readSector(command, in),
              in.readLong(),
              Fields.readSize(command, in, PayloadBounds.BULK_BYTES_MAX),
              in.readInt(),
              in.readInt());
      in.skipBytes(Integer.BYTES);
      if (read.result < SKIPPED || read.result > OUT_OF_SYNC) {
        throw new WireException(
            command,
            "result %s, must be 0, 1 or 2".formatted(Integer.toUnsignedString(read.result)));
      }
      return read;
    }

    @Override
    public Command command() {
      return Command.P_OV_RESULT_ID;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes).writeInt(seqNum);
      out.writeInt(result).writeInt(0);
    }
  }
}
