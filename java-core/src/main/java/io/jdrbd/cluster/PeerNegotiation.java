package io.jdrbd.cluster;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.UuidPacket;
import java.util.Optional;

/**
 * What a peer says of a volume besides its states: settings, size and generation identifiers (spec
 * 3). On the loop.
 */
final class PeerNegotiation {
  private final PeerVolume device;
  private final SizeNegotiation sizes;
  private Optional<String> obstacle = Optional.empty();

  PeerNegotiation(PeerVolume device) {
    this.device = device;
    this.sizes = new SizeNegotiation(device);
  }

  SizeNegotiation sizes() {
    return sizes;
  }

  /** Why there can be no connection, if something is known already. */
  Optional<String> obstacle() {
    return obstacle;
  }

  void reset() {
    device.identifiers().reset();
    obstacle = Optional.empty();
    device.peerStates().reset();
  }

  /** P_SYNC_PARAM89 (spec 1.9). */
  void syncParam(NegotiationPacket.SyncParam89 peer) {
    PeerSettings settings = device.peer().settings();
    check("verify-alg", settings.verifyAlgorithm(), peer.verifyAlg());
    check("csums-alg", settings.csumsAlgorithm(), peer.csumsAlg());
  }

  private void check(String option, String own, String theirs) {
    if (!own.equals(theirs)) {
      refuse(
          "%s is '%s' here and '%s' at the peer: both must be the same"
              .formatted(option, own, theirs));
    }
  }

  /** P_UUIDS (spec 3.4.2). */
  void uuids(UuidPacket.Uuids packet) {
    device.identifiers().received(packet);
    skipInitialSync(packet.current());
    new SeenGeneration(device).toldBelow110(packet.current());
  }

  /** P_UUIDS110 (spec 3.4.3, 3.4.7). */
  void uuids(UuidPacket.Uuids110 packet) {
    device.identifiers().received(packet);
    new KnownNodes(device.volume()).listed(packet);
    if (device.peerStates().isDone()) {
      skipInitialSync(packet.current());
      new SeenGeneration(device).told(packet.current());
      new GenerationNews(device).told(packet.nodeMask());
    }
  }

  /** P_CURRENT_UUID of a node without a disk. */
  void uuids(UuidPacket.CurrentUuid packet) {
    device.identifiers().received(packet);
    new KnownNodes(device.volume()).hasNoDisk(device.peer().nodeId());
    if (device.peerStates().isDone()) {
      new GenerationNews(device).toldWithoutDisk(packet.weakNodes());
    }
  }

  private void skipInitialSync(long uuid) {
    if (device.identifiers().peerFlags().contains(UuidFlag.SKIP_INITIAL_SYNC) && isFresh()) {
      device.resource().initialSync().skippedBy(device, uuid);
    }
  }

  private boolean isFresh() {
    return device.replication() == ReplicationState.ESTABLISHED
        && device.volume().backing().isPresent()
        && device.volume().local().generations().current() == Superblock.UUID_JUST_CREATED;
  }

  /** The connection cannot go on, or come about, until a person changes something. */
  void refuse(String reason) {
    device.resource().listener().decided(device.peer().nodeId(), "connect", false, reason);
    if (device.peer().connecting().isUnderWay()) {
      obstacle = Optional.of(reason);
    } else {
      device.peer().refuse(reason);
    }
  }
}
