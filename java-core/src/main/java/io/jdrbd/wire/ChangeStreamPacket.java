package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Positions in the write stream of a Primary, version 110 and up (spec 2.4.8, 2.14, 6.11). */
public sealed interface ChangeStreamPacket extends Packet {

  /** The position before the next write. */
  record Dagtag(long dagtag) implements ChangeStreamPacket {
    @Override
    public Command command() {
      return Command.P_DAGTAG;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(dagtag);
    }
  }

  /**
   * Which nodes have the writes up to a position.
   *
   * @param mask bit n set: node n has them
   * @param dagtag the end of the last write covered
   */
  record PeerAck(long mask, long dagtag) implements ChangeStreamPacket {
    static PeerAck read(ByteBuf in) {
      return new PeerAck(in.readLong(), in.readLong());
    }

    @Override
    public Command command() {
      return Command.P_PEER_ACK;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(mask).writeLong(dagtag);
    }
  }

  /** "I had the writes of that lost node up to here." */
  record PeerDagtag(long dagtag, int nodeId) implements ChangeStreamPacket {
    static PeerDagtag read(ByteBuf in) throws WireException {
      return new PeerDagtag(in.readLong(), Fields.readNodeId(Command.P_PEER_DAGTAG, in));
    }

    @Override
    public Command command() {
      return Command.P_PEER_DAGTAG;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(dagtag).writeInt(nodeId);
    }
  }

  /**
   * "The nodes of the mask and I have identical data in this range"; on the control stream.
   *
   * @param mask bit n set: node n
   */
  record PeersInSync(long sector, long mask, int sizeBytes) implements ChangeStreamPacket {
    static PeersInSync read(ByteBuf in) throws WireException {
      Command command = Command.P_PEERS_IN_SYNC;
      PeersInSync read =
          new PeersInSync(
              Fields.readSector(command, in),
              in.readLong(),
              Fields.readSize(command, in, Fields.ANY_SIZE));
      in.skipBytes(Integer.BYTES);
      return read;
    }

    @Override
    public Command command() {
      return Command.P_PEERS_IN_SYNC;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(sector).writeLong(mask).writeInt(sizeBytes).writeInt(0);
    }
  }

  /** A Primary is asked to push out its peer acks. */
  record FlushRequests(long flushSequence) implements ChangeStreamPacket {
    @Override
    public Command command() {
      return Command.P_FLUSH_REQUESTS;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(flushSequence);
    }
  }

  /** A Primary tells third nodes that its peer acks are out. */
  record FlushForward(long flushSequence, int initiatorNodeId) implements ChangeStreamPacket {
    static FlushForward read(ByteBuf in) throws WireException {
      return new FlushForward(in.readLong(), Fields.readNodeId(Command.P_FLUSH_FORWARD, in));
    }

    @Override
    public Command command() {
      return Command.P_FLUSH_FORWARD;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(flushSequence).writeInt(initiatorNodeId);
    }
  }

  /** The node that asked is told that the flush is done towards the sender. */
  record FlushRequestsAck(long flushSequence, int primaryNodeId) implements ChangeStreamPacket {
    static FlushRequestsAck read(ByteBuf in) throws WireException {
      return new FlushRequestsAck(
          in.readLong(), Fields.readNodeId(Command.P_FLUSH_REQUESTS_ACK, in));
    }

    @Override
    public Command command() {
      return Command.P_FLUSH_REQUESTS_ACK;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(flushSequence).writeInt(primaryNodeId);
    }
  }
}
