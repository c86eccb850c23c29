package io.jdrbd.cluster;

import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sizes.OwnSize;
import io.jdrbd.state.sizes.PeerSize;
import io.jdrbd.state.sizes.SizeRules;
import io.jdrbd.state.sizes.SizeVerdict;
import io.jdrbd.state.sizes.ToldSizes;
import io.jdrbd.wire.NegotiationPacket;
import java.util.List;

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
    SizeRules.Link link =
        new SizeRules.Link(
            device.peer().dialect().protocolVersion(),
            device.replication(),
            device.snapshot().disk(),
            List.of(
                new PeerSize(
                    device.peer().nodeId(), told.diskSectors(), true, told.diskSectors(), true)));
    switch (SizeRules.received(ownSize(), told, link)) {
      case SizeVerdict.Refuse refused -> device.negotiation().refuse(refused.reason());
      case SizeVerdict.Ignore ignored -> {
        // the size stays
      }
      case SizeVerdict.Adopt adopted -> adopt(adopted.sectors());
    }
  }

  private OwnSize ownSize() {
    ClusterVolume volume = device.volume();
    ResourceSnapshot now = device.resource().now();
    return new OwnSize(
        volume.diskSectors(),
        volume.exportedSectors(),
        volume.backing().isPresent() ? volume.local().agreedSectors() : 0,
        0,
        now.volume(device.number()).disk(),
        now.role(),
        false,
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
