package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.QueueLimits;
import io.jdrbd.wire.StatePacket;
import java.util.Optional;

/**
 * Tells a peer of a volume: all of it before states are compared, and its size and states again
 * when they change (spec 3.1). Does nothing while no connection stands or is being made. On the
 * loop.
 */
final class VolumePackets {
  private static final int MAX_BIO_BYTES = 1 << 20;

  private final PeerVolume device;

  VolumePackets(PeerVolume device) {
    this.device = device;
  }

  /** All that the peer has to know of the volume before states are compared (spec 3.1.1). */
  void sendBurst() {
    sendParameters();
    sendSizes(0);
    if (device.volume().backing().isPresent()) {
      device.identifiers().sendFirst();
    } else if (device.peer().dialect().isVersion9()) {
      device.identifiers().sendExposed();
    }
    sendState(StateWord.of(device.resource().now(), device.peer().nodeId(), device.number()));
  }

  private void sendParameters() {
    ResyncRate rate = device.resync().rate();
    PeerSettings settings = device.peer().settings();
    device.send(
        new NegotiationPacket.SyncParam89(
            rate.fixedKib(),
            settings.verifyAlgorithm(),
            settings.csumsAlgorithm(),
            new NegotiationPacket.ResyncRates(
                rate.planAheadDs(),
                rate.delayTargetDs(),
                rate.fillTargetSectors(),
                rate.maxKib())));
  }

  /**
   * How large the volume is here (spec 3.2.2).
   *
   * @param ddsFlags of a resize; 0 otherwise
   */
  void sendSizes(int ddsFlags) {
    device.peer().session().ifPresent(session -> device.send(sizes(session, ddsFlags)));
  }

  /** Before the connection stands, a disk counts as large as it is in use. */
  private NegotiationPacket.Sizes sizes(PeerSession session, int ddsFlags) {
    ClusterVolume volume = device.volume();
    boolean disk = volume.backing().isPresent();
    boolean stands = device.replication() != ReplicationState.OFF;
    return new NegotiationPacket.Sizes(
        disk && stands ? volume.local().roomSectors() : volume.diskSectors(),
        volume.wishSectors(),
        volume.exportedSectors(),
        MAX_BIO_BYTES,
        0,
        ddsFlags,
        session.dialect().has(Feature.WSAME) ? Optional.of(limits(disk)) : Optional.empty());
  }

  private QueueLimits limits(boolean disk) {
    DiskGeometry geometry = device.volume().local().geometry();
    int block = disk ? device.volume().blockBytes() : 512;
    return new QueueLimits(
        disk ? geometry.physicalBlockBytes() : 512, block, 0, block, 0, true, false, false, 0);
  }

  /** States of this node as the peer sees them. */
  void sendState(StateWord word) {
    device.send(
        new StatePacket.State(new io.jdrbd.wire.StateWord(word.pack(DiskNumbering.VERSION_9))));
  }
}
