package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Requests and replies of the two-phase commit, version 110 and up (spec 4.10). */
public sealed interface TwopcPacket extends Packet {

  /** A packet that travels away from the initiator; there are four. */
  sealed interface Request extends TwopcPacket {
    /** What all requests begin with. */
    TwopcHead head();
  }

  /** Would this state change be all right? The body begins with 8 bytes of 0 (spec 4.10.1). */
  record TwopcPrepare(TwopcHead head, StateWord mask, StateWord value) implements Request {
    static TwopcPrepare read(ByteBuf in, WireDialect dialect) throws WireException {
      TwopcHead head = TwopcHead.read(Command.P_TWOPC_PREPARE, in, dialect);
      in.skipBytes(Long.BYTES);
      return new TwopcPrepare(head, new StateWord(in.readInt()), new StateWord(in.readInt()));
    }

    @Override
    public Command command() {
      return Command.P_TWOPC_PREPARE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      head.write(out, dialect);
      out.writeLong(0).writeInt(mask.bits()).writeInt(value.bits());
    }
  }

  /**
   * Would this size be all right?
   *
   * @param userSectors the size wished for, 0 for none
   * @param ddsFlags as in P_SIZES
   */
  record TwopcPrepareResize(TwopcHead head, long userSectors, int ddsFlags) implements Request {
    private static final int UNDEFINED_BYTES = 6;

    static TwopcPrepareResize read(ByteBuf in, WireDialect dialect) throws WireException {
      TwopcHead head = TwopcHead.read(Command.P_TWOPC_PREP_RSZ, in, dialect);
      TwopcPrepareResize prepare =
          new TwopcPrepareResize(
              head, Fields.readSector(Command.P_TWOPC_PREP_RSZ, in), in.readUnsignedShort());
      in.skipBytes(UNDEFINED_BYTES);
      return prepare;
    }

    @Override
    public Command command() {
      return Command.P_TWOPC_PREP_RSZ;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      head.write(out, dialect);
      out.writeLong(userSectors).writeShort(ddsFlags).writeZero(UNDEFINED_BYTES);
    }
  }

  /** Do it. The kind is that of the prepare with the same initiator and tid. */
  record TwopcCommit(TwopcHead head, TwopcOutcome outcome) implements Request {
    static TwopcCommit read(ByteBuf in, WireDialect dialect) throws WireException {
      return new TwopcCommit(
          TwopcHead.read(Command.P_TWOPC_COMMIT, in, dialect), TwopcOutcome.read(in));
    }

    @Override
    public Command command() {
      return Command.P_TWOPC_COMMIT;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      head.write(out, dialect);
      outcome.write(out);
    }
  }

  /** Leave it. The outcome means nothing. */
  record TwopcAbort(TwopcHead head, TwopcOutcome outcome) implements Request {
    static TwopcAbort read(ByteBuf in, WireDialect dialect) throws WireException {
      return new TwopcAbort(
          TwopcHead.read(Command.P_TWOPC_ABORT, in, dialect), TwopcOutcome.read(in));
    }

    @Override
    public Command command() {
      return Command.P_TWOPC_ABORT;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      head.write(out, dialect);
      outcome.write(out);
    }
  }

  /**
   * The answer to a prepare, towards the initiator (spec 4.10.2). The masks count in YES only.
   *
   * @param kind yes, no or retry
   * @param tid of the prepare
   * @param initiatorNodeId of the prepare
   * @param reachableNodes whom the replier reaches
   * @param primaryNodes Primaries among them; resize: those with a disk
   * @param weakNodesOrSectors weak nodes; resize: the largest possible size in sectors
   */
  record TwopcReply(
      Kind kind,
      int tid,
      int initiatorNodeId,
      long reachableNodes,
      long primaryNodes,
      long weakNodesOrSectors)
      implements TwopcPacket {

    /** The answer in a word. */
    public enum Kind {
      /** The change is all right here and behind here. */
      YES(Command.P_TWOPC_YES),
      /** It is refused. */
      NO(Command.P_TWOPC_NO),
      /** Another change is going on; try again. */
      RETRY(Command.P_TWOPC_RETRY);

      private final Command command;

      Kind(Command command) {
        this.command = command;
      }
    }

    static TwopcReply read(Kind kind, ByteBuf in) throws WireException {
      return new TwopcReply(
          kind,
          in.readInt(),
          Fields.readNodeId(kind.command, in),
          in.readLong(),
          in.readLong(),
          in.readLong());
    }

    @Override
    public Command command() {
      return kind.command;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(tid)
          .writeInt(initiatorNodeId)
          .writeLong(reachableNodes)
          .writeLong(primaryNodes)
          .writeLong(weakNodesOrSectors);
    }
  }
}
