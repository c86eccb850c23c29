package io.jdrbd.cluster;

import io.jdrbd.wire.TwopcHead;
import io.jdrbd.wire.TwopcPacket;
import java.util.HashMap;
import java.util.Map;

/** Whether packets of a two-phase commit are alike; a transaction's number is random. */
final class TwopcLikeness {
  private final Map<Integer, Integer> tids = new HashMap<>();

  boolean match(TwopcPacket recorded, TwopcPacket own) {
    return switch (recorded) {
      case TwopcPacket.TwopcPrepare prepare ->
          own instanceof TwopcPacket.TwopcPrepare mine
              && prepare.mask().equals(mine.mask())
              && prepare.value().equals(mine.value())
              && head(prepare.head(), mine.head());
      case TwopcPacket.TwopcCommit commit ->
          own instanceof TwopcPacket.TwopcCommit mine
              && commit.outcome().equals(mine.outcome())
              && head(commit.head(), mine.head());
      case TwopcPacket.TwopcAbort abort ->
          own instanceof TwopcPacket.TwopcAbort mine && head(abort.head(), mine.head());
      case TwopcPacket.TwopcReply reply -> reply.equals(own);
      case TwopcPacket.TwopcPrepareResize resize ->
          own instanceof TwopcPacket.TwopcPrepareResize mine
              && resize.userSectors() == mine.userSectors()
              && resize.ddsFlags() == mine.ddsFlags()
              && head(resize.head(), mine.head());
    };
  }

  private boolean head(TwopcHead recorded, TwopcHead own) {
    boolean alike =
        recorded.flags() == own.flags()
            && recorded.initiatorNodeId() == own.initiatorNodeId()
            && recorded.targetNodeId() == own.targetNodeId()
            && recorded.nodesToReach() == own.nodesToReach();
    return alike && own.tid() == tids.computeIfAbsent(recorded.tid(), tid -> own.tid());
  }

  /** An answer to a transaction of this node. */
  TwopcPacket.TwopcReply translate(TwopcPacket.TwopcReply peer) {
    return new TwopcPacket.TwopcReply(
        peer.kind(),
        tids.getOrDefault(peer.tid(), peer.tid()),
        peer.initiatorNodeId(),
        peer.reachableNodes(),
        peer.primaryNodes(),
        peer.weakNodesOrSectors());
  }
}
