package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** The state of a node, and the requests to change it below version 110 (spec 3.3, 4.7, 4.9). */
public sealed interface StatePacket extends Packet {

  /**
   * The sender's state, of a volume or, as a role only, of the resource (spec 4.7).
   *
   * @param word with DRBD 9's numbers of disk states; below version 110 they are translated
   */
  record State(StateWord word) implements StatePacket {
    private static final int ROLE_MAX = 2;
    private static final int CONN_MAX = 23;
    private static final int DISK_MAX = 9;
    private static final int DETACHING = 2;

    static State read(ByteBuf in, WireDialect dialect) throws WireException {
      StateWord word = new StateWord(in.readInt());
      if (!dialect.isVersion9()) {
        word = word.withDisks(fromOldDisk(word.disk()), fromOldDisk(word.pdsk()));
      }
      check("role", word.role(), ROLE_MAX);
      check("conn", word.conn(), CONN_MAX);
      check("disk", word.disk(), DISK_MAX);
      return new State(word);
    }

    /** The fields that a receiver reads; it must know what they say. */
    private static void check(String field, int value, int max) throws WireException {
      if (value > max) {
        throw new WireException(
            Command.P_STATE, "%s %d, must be at most %d".formatted(field, value, max));
      }
    }

    /** 8.4 knows no Detaching, so its higher states are one less; 15 stays. */
    private static int fromOldDisk(int disk) {
      return disk >= DETACHING ? Math.min(disk + 1, 15) : disk;
    }

    private static int toOldDisk(int disk) {
      return disk > DETACHING ? disk - 1 : disk;
    }

    @Override
    public Command command() {
      return Command.P_STATE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      StateWord written =
          dialect.isVersion9()
              ? word
              : word.withDisks(toOldDisk(word.disk()), toOldDisk(word.pdsk()));
      out.writeInt(written.bits());
    }
  }

  /** A wish to change the state of one volume, as the requester sees it; not translated. */
  record StateChgReq(StateWord mask, StateWord value) implements StatePacket {
    static StateChgReq read(ByteBuf in) {
      return new StateChgReq(new StateWord(in.readInt()), new StateWord(in.readInt()));
    }

    @Override
    public Command command() {
      return Command.P_STATE_CHG_REQ;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(mask.bits()).writeInt(value.bits());
    }
  }

  /** A wish to change the state of the whole connection; not translated. */
  record ConnStChgReq(StateWord mask, StateWord value) implements StatePacket {
    static ConnStChgReq read(ByteBuf in) {
      return new ConnStChgReq(new StateWord(in.readInt()), new StateWord(in.readInt()));
    }

    @Override
    public Command command() {
      return Command.P_CONN_ST_CHG_REQ;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(mask.bits()).writeInt(value.bits());
    }
  }

  /** The answer to {@link StateChgReq}: 1 or more is yes, else the reason (spec 4.1.3). */
  record StateChgReply(int retcode) implements StatePacket {
    @Override
    public Command command() {
      return Command.P_STATE_CHG_REPLY;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(retcode);
    }
  }

  /** The answer to {@link ConnStChgReq}: 1 or more is yes, else the reason (spec 4.1.3). */
  record ConnStChgReply(int retcode) implements StatePacket {
    @Override
    public Command command() {
      return Command.P_CONN_ST_CHG_REPLY;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(retcode);
    }
  }
}
