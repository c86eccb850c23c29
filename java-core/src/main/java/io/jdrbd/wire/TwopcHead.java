package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * What every request of a two-phase commit begins with (spec 4.10.1). Its layout depends on {@link
 * Feature#TWOPC_V2}.
 *
 * @param tid random, not 0
 * @param flags {@link #HAS_REACHABLE}, {@link #PRI_INCAPABLE}; not on the wire without TWOPC_V2
 * @param initiatorNodeId who began it
 * @param targetNodeId whom it is about, {@link #NO_TARGET} for all
 * @param nodesToReach nodes that nobody has addressed yet
 */
public record TwopcHead(
    int tid, int flags, int initiatorNodeId, int targetNodeId, long nodesToReach) {
  /** The commit carries reachable nodes. */
  public static final int HAS_REACHABLE = 0x4000_0000;

  /** There is a Primary, but none has access to UpToDate data. */
  public static final int PRI_INCAPABLE = 0x2000_0000;

  /** The change is not about one other node. */
  public static final int NO_TARGET = -1;

  /** Says that there are flags; belongs to the layout, so it is on the wire only. */
  private static final int HAS_FLAGS = 0x8000_0000;

  static TwopcHead read(Command command, ByteBuf in, WireDialect dialect) throws WireException {
    int tid = in.readInt();
    if (dialect.has(Feature.TWOPC_V2)) {
      int flags = in.readInt() & ~HAS_FLAGS;
      in.skipBytes(2);
      int initiator = in.readByte();
      int target = in.readByte();
      return checked(command, tid, flags, initiator, target, in.readLong());
    }
    int initiator = in.readInt();
    int target = in.readInt();
    return checked(command, tid, 0, initiator, target, in.readLong());
  }

  private static TwopcHead checked(
      Command command, int tid, int flags, int initiator, int target, long nodesToReach)
      throws WireException {
    Fields.checkNodeId(command, initiator);
    if (target != NO_TARGET) {
      Fields.checkNodeId(command, target);
    }
    return new TwopcHead(tid, flags, initiator, target, nodesToReach);
  }

  void write(ByteBuf out, WireDialect dialect) {
    out.writeInt(tid);
    if (dialect.has(Feature.TWOPC_V2)) {
      out.writeInt(flags | HAS_FLAGS)
          .writeShort(0)
          .writeByte(initiatorNodeId)
          .writeByte(targetNodeId);
    } else {
      out.writeInt(initiatorNodeId).writeInt(targetNodeId);
    }
    out.writeLong(nodesToReach);
  }
}
