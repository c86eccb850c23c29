package io.jdrbd.cluster;

import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Answer;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Nodes;
import io.jdrbd.state.twopc.Participant;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.TransactionId;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.TwopcHead;
import io.jdrbd.wire.TwopcOutcome;
import io.jdrbd.wire.TwopcPacket;

/** Transactions as packets, and back (spec 4.10). */
final class TwopcWire {
  private TwopcWire() {}

  /** The volume in the header of a transaction's packets. */
  static int header(Proposal proposal) {
    return proposal.volume() == Nodes.NONE ? HeaderFormat.NO_VOLUME : proposal.volume();
  }

  static TransactionId id(TwopcHead head) {
    return new TransactionId(head.initiatorNodeId(), head.tid());
  }

  /**
   * A prepare as it came.
   *
   * @param volume of the packet's header
   */
  static Participant.Prepare prepare(int from, int volume, TwopcPacket.TwopcPrepare packet) {
    StateRequest change = new StateRequest(packet.mask().bits(), packet.value().bits());
    return prepare(from, volume, packet.head(), Proposal.Kind.STATE, change);
  }

  /** A prepare for another size as it came. */
  static Participant.Prepare prepare(int from, int volume, TwopcPacket.TwopcPrepareResize packet) {
    return prepare(from, volume, packet.head(), Proposal.Kind.SIZE, new StateRequest(0, 0));
  }

  private static Participant.Prepare prepare(
      int from, int volume, TwopcHead head, Proposal.Kind kind, StateRequest change) {
    Proposal proposal =
        new Proposal(
            id(head),
            kind,
            change,
            volume == HeaderFormat.NO_VOLUME ? Nodes.NONE : volume,
            head.targetNodeId());
    return new Participant.Prepare(from, proposal, head.nodesToReach());
  }

  static Packet prepare(Proposal proposal, long nodesToReach) {
    return new TwopcPacket.TwopcPrepare(
        head(proposal, nodesToReach, TwopcHead.HAS_REACHABLE),
        new StateWord(proposal.change().mask()),
        new StateWord(proposal.change().value()));
  }

  static Packet commit(Proposal proposal, long nodesToReach, CommitMasks commit) {
    int incapable = commit.primaryIncapable() ? TwopcHead.PRI_INCAPABLE : 0;
    return new TwopcPacket.TwopcCommit(
        head(proposal, nodesToReach, TwopcHead.HAS_REACHABLE | incapable),
        new TwopcOutcome(commit.primaries(), commit.reachable()));
  }

  static Packet abort(TransactionId id, int target, long nodesToReach) {
    return new TwopcPacket.TwopcAbort(
        new TwopcHead(id.tid(), TwopcHead.HAS_REACHABLE, id.initiator(), target, nodesToReach),
        new TwopcOutcome(0, 0));
  }

  private static TwopcHead head(Proposal proposal, long nodesToReach, int flags) {
    TransactionId id = proposal.id();
    return new TwopcHead(id.tid(), flags, id.initiator(), proposal.target(), nodesToReach);
  }

  static CommitMasks masks(TwopcPacket.TwopcCommit packet) {
    int flags = packet.head().flags();
    boolean tells = (flags & TwopcHead.HAS_REACHABLE) != 0;
    return new CommitMasks(
        packet.outcome().primaryNodes(),
        tells ? packet.outcome().detail() : 0,
        (flags & TwopcHead.PRI_INCAPABLE) != 0,
        0);
  }

  static Packet reply(TransactionId id, Answer answer, Masks masks) {
    return new TwopcPacket.TwopcReply(
        switch (answer) {
          case YES -> TwopcPacket.TwopcReply.Kind.YES;
          case NO -> TwopcPacket.TwopcReply.Kind.NO;
          case RETRY -> TwopcPacket.TwopcReply.Kind.RETRY;
        },
        id.tid(),
        id.initiator(),
        masks.reachable(),
        masks.primaries(),
        masks.weak());
  }

  static Answer answer(TwopcPacket.TwopcReply packet) {
    return switch (packet.kind()) {
      case YES -> Answer.YES;
      case NO -> Answer.NO;
      case RETRY -> Answer.RETRY;
    };
  }

  static Masks masks(TwopcPacket.TwopcReply packet) {
    return new Masks(
        packet.reachableNodes(),
        packet.primaryNodes(),
        packet.weakNodesOrSectors(),
        Masks.ANY_SIZE);
  }
}
