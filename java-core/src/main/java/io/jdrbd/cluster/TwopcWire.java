package io.jdrbd.cluster;

import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Answer;
import io.jdrbd.state.twopc.CommitMasks;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Nodes;
import io.jdrbd.state.twopc.Participant;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.SizeChange;
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
    TwopcHead head = packet.head();
    return new Participant.Prepare(
        from,
        Proposal.state(id(head), change, volumeOf(volume), head.targetNodeId()),
        head.nodesToReach());
  }

  /** A prepare for another size as it came. */
  static Participant.Prepare prepare(int from, int volume, TwopcPacket.TwopcPrepareResize packet) {
    SizeChange size = new SizeChange(packet.userSectors(), packet.ddsFlags());
    return new Participant.Prepare(
        from,
        Proposal.size(id(packet.head()), volumeOf(volume), size),
        packet.head().nodesToReach());
  }

  private static int volumeOf(int header) {
    return header == HeaderFormat.NO_VOLUME ? Nodes.NONE : header;
  }

  static Packet prepare(Proposal proposal, long nodesToReach) {
    return switch (proposal.kind()) {
      case STATE ->
          new TwopcPacket.TwopcPrepare(
              head(proposal, nodesToReach, TwopcHead.HAS_REACHABLE),
              new StateWord(proposal.change().mask()),
              new StateWord(proposal.change().value()));
      case SIZE ->
          new TwopcPacket.TwopcPrepareResize(
              head(proposal, nodesToReach, 0),
              proposal.size().userSectors(),
              proposal.size().flags());
    };
  }

  static Packet commit(Proposal proposal, long nodesToReach, CommitMasks commit) {
    return switch (proposal.kind()) {
      case STATE -> {
        int incapable = commit.primaryIncapable() ? TwopcHead.PRI_INCAPABLE : 0;
        yield new TwopcPacket.TwopcCommit(
            head(proposal, nodesToReach, TwopcHead.HAS_REACHABLE | incapable),
            new TwopcOutcome(commit.primaries(), commit.reachable()));
      }
      case SIZE ->
          new TwopcPacket.TwopcCommit(
              head(proposal, nodesToReach, 0),
              new TwopcOutcome(commit.primaries(), commit.sectors()));
    };
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

  static CommitMasks masks(TwopcPacket.TwopcCommit packet, Proposal.Kind kind) {
    int flags = packet.head().flags();
    boolean tells = (flags & TwopcHead.HAS_REACHABLE) != 0;
    boolean size = kind == Proposal.Kind.SIZE;
    return new CommitMasks(
        packet.outcome().primaryNodes(),
        tells && !size ? packet.outcome().detail() : 0,
        (flags & TwopcHead.PRI_INCAPABLE) != 0,
        size ? packet.outcome().detail() : 0);
  }

  static Packet reply(Proposal proposal, Answer answer, Masks masks) {
    return new TwopcPacket.TwopcReply(
        switch (answer) {
          case YES -> TwopcPacket.TwopcReply.Kind.YES;
          case NO -> TwopcPacket.TwopcReply.Kind.NO;
          case RETRY -> TwopcPacket.TwopcReply.Kind.RETRY;
        },
        proposal.id().tid(),
        proposal.id().initiator(),
        masks.reachable(),
        masks.primaries(),
        proposal.kind() == Proposal.Kind.SIZE ? masks.maxSectors() : masks.weak());
  }

  static Answer answer(TwopcPacket.TwopcReply packet) {
    return switch (packet.kind()) {
      case YES -> Answer.YES;
      case NO -> Answer.NO;
      case RETRY -> Answer.RETRY;
    };
  }

  static Masks masks(TwopcPacket.TwopcReply packet, Proposal.Kind kind) {
    long last = packet.weakNodesOrSectors();
    return switch (kind) {
      case STATE -> new Masks(packet.reachableNodes(), packet.primaryNodes(), last, Masks.ANY_SIZE);
      case SIZE -> new Masks(packet.reachableNodes(), packet.primaryNodes(), 0, last);
    };
  }
}
