package io.jdrbd.cluster;

import io.jdrbd.replication.DataGate;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sizes.OwnSize;
import io.jdrbd.state.sizes.PeerSize;
import io.jdrbd.state.sizes.SizeRules;
import io.jdrbd.state.sizes.SizeVerdict;
import io.jdrbd.state.sizes.ToldSizes;
import io.jdrbd.wire.NegotiationPacket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a peer says of the size of a volume, and what both make of it (spec 3.2). */
final class SizeNegotiation {
  private final PeerVolume device;

  SizeNegotiation(PeerVolume device) {
    this.device = device;
  }

  /** P_SIZES (spec 3.2.4). */
  void received(NegotiationPacket.Sizes packet) {
    device.peer().limit(device, packet);
    ToldSizes told =
        new ToldSizes(
            packet.diskSectors(),
            packet.userSectors(),
            packet.currentSectors(),
            packet.maxBioSize(),
            packet.ddsFlags());
    if (device.replication() == ReplicationState.OFF || device.volume().backing().isEmpty()) {
      decide(told, device.volume().diskSectors());
    } else {
      decideAnew(told);
    }
  }

  /** In the handshake a disk counts as large as it is in use. */
  private void decide(ToldSizes told, long roomSectors) {
    switch (verdict(told, roomSectors, false)) {
      case SizeVerdict.Refuse refused -> device.negotiation().refuse(refused.reason());
      case SizeVerdict.Ignore ignored -> {
        // the size stays
      }
      case SizeVerdict.Adopt adopted -> adopt(adopted.sectors());
    }
  }

  /** On a connection that stands more of the disk may be used than before. */
  private void decideAnew(ToldSizes told) {
    LocalVolume local = device.volume().local();
    Optional<DataGate> gate = device.peer().gate();
    gate.ifPresent(DataGate::hold);
    long room = local.roomSectors();
    var _ =
        local
            .look()
            .thenCompose(looked -> carriedOut(told, room))
            .whenComplete((done, error) -> gate.ifPresent(DataGate::release));
  }

  private CompletionStage<Verdict> carriedOut(ToldSizes told, long roomBefore) {
    ClusterVolume volume = device.volume();
    long room = volume.local().roomSectors();
    if (device.replication() == ReplicationState.OFF) {
      return nothing("the connection is lost");
    }
    return switch (verdict(told, room, room != roomBefore)) {
      case SizeVerdict.Refuse refused -> end(refused.reason());
      case SizeVerdict.Ignore ignored -> nothing(ignored.reason());
      case SizeVerdict.Adopt adopted when adopted.sectors() < volume.exportedSectors() ->
          end(
              "the peer wants %d sectors of %d: a disk in use does not shrink"
                  .formatted(adopted.sectors(), volume.exportedSectors()));
      case SizeVerdict.Adopt adopted ->
          device.resource().sizes().adopt(device, adopted, told.flags());
    };
  }

  private static CompletionStage<Verdict> nothing(String why) {
    return CompletableFuture.completedStage(Verdict.passed(why));
  }

  private CompletionStage<Verdict> end(String reason) {
    device.peer().end(ConnectionState.PROTOCOL_ERROR, reason);
    return nothing(reason);
  }

  private SizeVerdict verdict(ToldSizes told, long roomSectors, boolean backingChanged) {
    SizeRules.Link link =
        new SizeRules.Link(
            device.peer().dialect().protocolVersion(),
            device.replication(),
            device.snapshot().disk(),
            List.of(
                new PeerSize(
                    device.peer().nodeId(), told.diskSectors(), true, told.diskSectors(), true)));
    return SizeRules.received(ownSize(roomSectors, backingChanged), told, link);
  }

  private OwnSize ownSize(long roomSectors, boolean backingChanged) {
    ClusterVolume volume = device.volume();
    ResourceSnapshot now = device.resource().now();
    return new OwnSize(
        roomSectors,
        volume.exportedSectors(),
        volume.backing().isPresent() ? volume.local().agreedSectors() : 0,
        volume.wishSectors(),
        now.volume(device.number()).disk(),
        now.role(),
        backingChanged,
        false,
        0);
  }

  /** Bitmaps of unequal sizes cannot be exchanged yet, so a disk is used as a whole. */
  private void adopt(long sectors) {
    ClusterVolume volume = device.volume();
    if (volume.backing().isPresent() && sectors != volume.diskSectors()) {
      device
          .negotiation()
          .refuse(
              "both could have %d sectors, but this node's disk has %d: make it that large"
                  .formatted(sectors, volume.diskSectors()));
    } else if (sectors != volume.exportedSectors()) {
      volume.export(sectors);
    }
  }
}
