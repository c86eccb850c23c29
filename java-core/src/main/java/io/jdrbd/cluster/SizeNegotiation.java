package io.jdrbd.cluster;

import io.jdrbd.replication.DataGate;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sizes.OwnSize;
import io.jdrbd.state.sizes.PeerSize;
import io.jdrbd.state.sizes.SizeRules;
import io.jdrbd.state.sizes.SizeVerdict;
import io.jdrbd.state.sizes.ToldSizes;
import io.jdrbd.wire.NegotiationPacket;
import java.util.ArrayList;
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
    if (device.volume().backing().isEmpty()) {
      decideWithoutDisk(told);
    } else if (device.replication() == ReplicationState.OFF) {
      decideFirst(told);
    } else {
      decideAnew(told);
    }
  }

  private void decideWithoutDisk(ToldSizes said) {
    switch (verdict(said, 0, false)) {
      case SizeVerdict.Refuse refused -> device.negotiation().refuse(refused.reason());
      case SizeVerdict.Ignore ignored -> {
        // the size stays
      }
      case SizeVerdict.Adopt adopted -> device.volume().export(adopted.sectors());
    }
  }

  /**
   * In the handshake a disk counts as large as it is in use: what is new of disks that grew apart
   * would count as alike where both have the same generation. But a fresh disk may become smaller.
   */
  private void decideFirst(ToldSizes said) {
    switch (verdict(said, device.volume().diskSectors(), false)) {
      case SizeVerdict.Refuse refused -> device.negotiation().refuse(refused.reason());
      case SizeVerdict.Ignore ignored -> {
        // the size stays
      }
      case SizeVerdict.Adopt adopted when shrinksPrimary(adopted) ->
          device
              .negotiation()
              .refuse(
                  "the peer's disk is too small: %d sectors would be left of %d that this Primary exports"
                      .formatted(adopted.sectors(), device.volume().exportedSectors()));
      case SizeVerdict.Adopt adopted -> adoptFirst(adopted);
    }
  }

  private boolean shrinksPrimary(SizeVerdict.Adopt adopted) {
    return adopted.sectors() < device.volume().exportedSectors()
        && device.resource().now().role() == Role.PRIMARY;
  }

  /** What the peer says after its sizes is about disks of this size. */
  private void adoptFirst(SizeVerdict.Adopt adopted) {
    Optional<DataGate> gate = device.peer().gate();
    gate.ifPresent(DataGate::hold);
    var _ =
        device
            .resource()
            .sizes()
            .settle(device.volume(), adopted)
            .whenComplete(
                (verdict, error) -> {
                  if (verdict instanceof Verdict.Refused refused) {
                    device.peer().end(ConnectionState.PROTOCOL_ERROR, refused.reason());
                  }
                  gate.ifPresent(DataGate::release);
                });
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
            peers(told));
    return SizeRules.received(ownSize(roomSectors, backingChanged), told, link);
  }

  private List<PeerSize> peers(ToldSizes told) {
    List<PeerSize> peers = absent();
    peers.add(
        new PeerSize(device.peer().nodeId(), told.diskSectors(), true, told.diskSectors(), true));
    return peers;
  }

  /** Other nodes that had a disk: what they have room for is not known. */
  private List<PeerSize> absent() {
    ResourceSnapshot now = device.resource().now();
    List<PeerSize> others = new ArrayList<>();
    for (int node : now.connections().keySet()) {
      if (node != device.peer().nodeId() && now.volume(device.number()).slot(node).seen()) {
        others.add(new PeerSize(node, 0, false, 0, true));
      }
    }
    return others;
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
}
