package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Requests for data, digests or a comparison, on the data stream (spec 2.4.4, 6.4). */
public sealed interface RequestPacket extends Packet {

  /**
   * A request that depends on nothing, or the digest that answers one.
   *
   * @param kind what is asked for
   * @param sector the first one
   * @param blockId the requester's handle
   * @param sizeBytes of the range
   * @param digest of the range, for the two kinds that carry one, else {@link OpaqueBytes#NONE}
   */
  record BlockRequest(
      BlockRequest.Kind kind, long sector, long blockId, int sizeBytes, OpaqueBytes digest)
      implements RequestPacket {

    /** What is asked for. */
    public enum Kind {
      /** The data, for a reader. */
      DATA_REQUEST(Command.P_DATA_REQUEST),
      /** The data, for the resync. */
      RS_DATA_REQUEST(Command.P_RS_DATA_REQUEST),
      /** The data, or word that it reads as zeroes. */
      RS_THIN_REQ(Command.P_RS_THIN_REQ),
      /** The data, unless its digest is this. */
      CSUM_RS_REQUEST(Command.P_CSUM_RS_REQUEST),
      /** The digest. */
      OV_REQUEST(Command.P_OV_REQUEST),
      /** The answer to {@link #OV_REQUEST}. */
      OV_REPLY(Command.P_OV_REPLY);

      private final Command command;

      Kind(Command command) {
        this.command = command;
      }
    }

    static BlockRequest read(BlockRequest.Kind kind, ByteBuf in, int payloadBytes)
        throws WireException {
      long sector = Fields.readSector(kind.command, in);
      long blockId = in.readLong();
      int sizeBytes = Fields.readSize(kind.command, in, PayloadBounds.BULK_BYTES_MAX);
      in.skipBytes(Integer.BYTES); // undefined from 8.4
      return new BlockRequest(
          kind,
          sector,
          blockId,
          sizeBytes,
          OpaqueBytes.read(in, payloadBytes - PayloadBounds.BLOCK_REQUEST_FIXED));
    }

    @Override
    public Command command() {
      return kind.command;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes).writeInt(0);
      digest.write(out);
    }
  }

  /**
   * The same with {@link Feature#RESYNC_DAGTAG}: answered after the writes up to a position.
   *
   * @param kind what is asked for
   * @param sector the first one
   * @param blockId the requester's handle
   * @param sizeBytes of the range
   * @param dagtagNodeId node whose write stream the answer depends on; means nothing if {@code
   *     dagtag} is 0
   * @param dagtag position in that stream, 0 for none
   * @param digest of the range, for the two kinds that carry one, else {@link OpaqueBytes#NONE}
   */
  record DagtagRequest(
      DagtagRequest.Kind kind,
      long sector,
      long blockId,
      int sizeBytes,
      int dagtagNodeId,
      long dagtag,
      OpaqueBytes digest)
      implements RequestPacket {

    /** What is asked for. */
    public enum Kind {
      /** The data, for the resync. */
      RS_DAGTAG_REQ(Command.P_RS_DAGTAG_REQ),
      /** The data, unless its digest is this. */
      RS_CSUM_DAGTAG_REQ(Command.P_RS_CSUM_DAGTAG_REQ),
      /** The data, or word that it reads as zeroes. */
      RS_THIN_DAGTAG_REQ(Command.P_RS_THIN_DAGTAG_REQ),
      /** The digest. */
      OV_DAGTAG_REQ(Command.P_OV_DAGTAG_REQ),
      /** The answer to {@link #OV_DAGTAG_REQ}. */
      OV_DAGTAG_REPLY(Command.P_OV_DAGTAG_REPLY);

      private final Command command;

      Kind(Command command) {
        this.command = command;
      }
    }

    static DagtagRequest read(DagtagRequest.Kind kind, ByteBuf in, int payloadBytes)
        throws WireException {
      return new DagtagRequest(
          kind,
          Fields.readSector(kind.command, in),
          in.readLong(),
          Fields.readSize(kind.command, in, PayloadBounds.BULK_BYTES_MAX),
          in.readInt(),
          in.readLong(),
          OpaqueBytes.read(in, payloadBytes - PayloadBounds.DAGTAG_REQUEST_FIXED));
    }

    @Override
    public Command command() {
      return kind.command;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(blockId).writeInt(sizeBytes);
      out.writeInt(dagtagNodeId).writeLong(dagtag);
      digest.write(out);
    }
  }
}
