package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.OldPeerGenerations;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.wire.UuidPacket;
import java.util.OptionalLong;

/**
 * How a resync begins: bitmaps are exchanged or all is marked, the generation that the target is on
 * its way to is written, and only then blocks are asked for (spec 3.5.5, 3.7.3, 6.3). On the loop.
 */
final class ResyncStart {
  private final PeerVolume device;
  private OptionalLong namedTooEarly = OptionalLong.empty();

  /** The own generation when a resync with this node as target began. */
  private long startUuid;

  ResyncStart(PeerVolume device) {
    this.device = device;
  }

  /** The own generation when the resync began whose target this node is. */
  long startUuid() {
    return startUuid;
  }

  /** The connection is lost. */
  void reset() {
    namedTooEarly = OptionalLong.empty();
  }

  /** As source of a peer below 110: names the resync, durably, and tells the target. */
  void sendSyncUuid(Runnable done) {
    if (device.volume().backing().isEmpty()) {
      done.run();
      return;
    }
    Generations own = generations();
    long random = Generations.plain(device.resource().random().nextLong());
    long syncUuid = OldPeerGenerations.syncUuid(own, peerNode(), random);
    device
        .volume()
        .local()
        .setGenerations(
            OldPeerGenerations.startsAsSource(own, peerNode(), syncUuid),
            error -> {
              device.send(new UuidPacket.SyncUuid(syncUuid));
              done.run();
            });
  }

  /** P_SYNC_UUID: the source has named the resync; as target it begins. */
  void named(long uuid) throws ProtocolViolation {
    switch (device.replication()) {
      case STARTING_SYNC_T, WF_BITMAP_T, WF_SYNC_UUID, BEHIND -> {
        // this node will be the target, or is about to be
      }
      default -> throw PacketDispatch.unexpected(new UuidPacket.SyncUuid(uuid));
    }
    if (device.volume().backing().isEmpty()) {
      return;
    }
    device.peer().holdData();
    if (device.replication() == ReplicationState.WF_SYNC_UUID
        || device.replication() == ReplicationState.BEHIND) {
      startNamed(uuid);
    } else {
      namedTooEarly = OptionalLong.of(uuid);
    }
  }

  private void startNamed(long uuid) {
    becomeTarget(
        OldPeerGenerations.startsAsTarget(generations(), peerNode(), uuid), "resync begins");
  }

  /**
   * The peer's marks have to be durable before anything is resynced: it forgets its own as soon as
   * this node acknowledges, which is before the data is durable.
   */
  private void becomeTarget(Generations started, String cause) {
    device
        .volume()
        .backing()
        .orElseThrow()
        .writeBitmap(
            bitmapError -> {
              if (device.volume().backing().isEmpty()) {
                device.peer().releaseData();
                return;
              }
              device
                  .volume()
                  .local()
                  .setGenerations(
                      started,
                      error -> {
                        device.become(ReplicationState.SYNC_TARGET, cause);
                        device.peer().releaseData();
                      });
            });
  }

  /** Both series of bitmaps are merged: the resync begins. */
  void bitmapsAreMerged() {
    if (device.replication() == ReplicationState.WF_BITMAP_T) {
      device.bitmaps().send();
      startAsTarget("bitmaps are exchanged");
    } else if (device.replication() == ReplicationState.WF_BITMAP_S) {
      device.become(ReplicationState.SYNC_SOURCE, "bitmaps are exchanged");
    }
  }

  /** A full sync was ordered, and all blocks are marked durably. */
  void fullSyncIsMarked() {
    if (device.replication() == ReplicationState.STARTING_SYNC_S) {
      device.become(ReplicationState.SYNC_SOURCE, "all blocks are marked");
    } else if (device.replication() == ReplicationState.STARTING_SYNC_T) {
      startAsTarget("all blocks are marked");
    }
  }

  /** Below 110 the source names the resync first; from then on the target begins by itself. */
  private void startAsTarget(String cause) {
    if (!device.peer().dialect().isVersion9()) {
      device.become(ReplicationState.WF_SYNC_UUID, cause);
      OptionalLong named = namedTooEarly;
      namedTooEarly = OptionalLong.empty();
      named.ifPresent(this::startNamed);
      return;
    }
    ClusterResource resource = device.resource();
    int self = resource.now().settings().nodeId();
    long slot = device.identifiers().peer().map(theirs -> theirs.bitmap().get(self)).orElse(0L);
    Generations started =
        generations()
            .resyncStarts(
                slot,
                resource.generations().cluster(device.volume()),
                resource.generations()::random);
    startUuid = started.current();
    device.peer().holdData();
    becomeTarget(started, cause);
  }

  /**
   * The peer had pulled ahead, and sends now what it had left out: both have marked that (spec
   * 6.16). Below 110 it is not the peer's state that tells so, but P_SYNC_UUID.
   */
  void catchUp() {
    startAsTarget("the peer has room again to send");
  }

  /** Both have grown, and the peer gets what this node has there. */
  void sendNewSpace() {
    device.become(ReplicationState.SYNC_SOURCE, "the peer gets the new space");
  }

  /** Both have grown, and this node gets what the peer has there; generations stay as they are. */
  void receiveNewSpace() {
    startUuid = generations().current();
    device.become(
        device.peer().dialect().isVersion9()
            ? ReplicationState.SYNC_TARGET
            : ReplicationState.WF_SYNC_UUID,
        "the new space comes from the peer");
  }

  private Generations generations() {
    return device.volume().local().generations();
  }

  private int peerNode() {
    return device.peer().nodeId();
  }
}
