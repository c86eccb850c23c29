package io.jdrbd.cluster;

import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.replication.Disposition;
import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.replication.Replica;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.WriteOrdering;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.wire.Packet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One volume on one connection: what the peer has said of it, what is said to the peer, and the
 * resync between the two. On the loop.
 */
public final class PeerVolume {
  private final ClusterResource resource;
  private final ClusterPeer peer;
  private final ClusterVolume volume;
  private final Replica replica;
  private final VolumePackets packets = new VolumePackets(this);
  private final Identifiers identifiers = new Identifiers(this);
  private final PeerNegotiation negotiation = new PeerNegotiation(this);
  private final PeerStates states = new PeerStates(this);
  private final BitmapTransfer bitmaps = new BitmapTransfer(this);
  private final PeerResync resync = new PeerResync(this);
  private final ResyncStart resyncStart = new ResyncStart(this);
  private final ResyncEnd resyncEnd = new ResyncEnd(this);
  private final Traffic traffic = new Traffic();
  private final OpenRequests open = new OpenRequests(this);
  private Optional<IncomingVolume> incoming = Optional.empty();

  PeerVolume(ClusterResource resource, ClusterPeer peer, ClusterVolume volume) {
    this.resource = resource;
    this.peer = peer;
    this.volume = volume;
    this.replica = volume.disk().addReplica(peer.writes());
  }

  ClusterVolume volume() {
    return volume;
  }

  ClusterPeer peer() {
    return peer;
  }

  ClusterResource resource() {
    return resource;
  }

  PeerNegotiation negotiation() {
    return negotiation;
  }

  PeerStates peerStates() {
    return states;
  }

  Identifiers identifiers() {
    return identifiers;
  }

  PeerResync resync() {
    return resync;
  }

  ResyncStart resyncStart() {
    return resyncStart;
  }

  ResyncEnd resyncEnd() {
    return resyncEnd;
  }

  VolumePackets packets() {
    return packets;
  }

  BitmapTransfer bitmaps() {
    return bitmaps;
  }

  int number() {
    return volume.number();
  }

  /** The states in force. */
  PeerDeviceSnapshot snapshot() {
    return resource.now().device(peer.nodeId(), number());
  }

  ReplicationState replication() {
    return snapshot().replication();
  }

  /** The peer's bitmap on the own disk. */
  OptionalInt slot() {
    return volume.backing().isPresent()
        ? volume.local().slotOf(peer.nodeId())
        : OptionalInt.empty();
  }

  /** Marked blocks towards the peer. */
  public long dirtyBlocks() {
    OptionalInt slot = slot();
    return slot.isPresent() ? volume.backing().orElseThrow().bitmap().weight(slot.getAsInt()) : 0;
  }

  /** How far a resync has come; empty while none runs. */
  public Optional<Progress> progress() {
    return resync.progress();
  }

  /** What was sent and received. */
  public Traffic traffic() {
    return traffic;
  }

  /** What the two owe each other at this moment. */
  public OpenRequests openRequests() {
    return open;
  }

  /** What the peer's requests went to last. */
  Optional<IncomingVolume> knownIncoming() {
    return incoming;
  }

  /** The new states hold from now on. */
  void inForce(PeerDeviceSnapshot after) {
    replica.setSlot(slot());
    replica.become(after.disk(), after.replication(), peer.settings().remoteRead());
    identifiers.inForce(after);
  }

  void send(Packet packet) {
    peer.session().ifPresent(session -> session.send(number(), packet));
  }

  /** The peer has the same data: nothing is tracked for it any more. */
  void clearBitmap(Runnable done) {
    Optional<BackingDisk> disk = volume.backing();
    if (disk.isEmpty() || slot().isEmpty()) {
      done.run();
      return;
    }
    disk.get().bitmap().clear(slot().getAsInt(), disk.get().bitmap().all());
    volume
        .local()
        .setGenerations(
            volume.local().generations().inSyncWith(peer.nodeId()), error -> done.run());
  }

  /** The peer does not have what is in this range. */
  void markOutOfSync(long offsetBytes, long lengthBytes) {
    slot()
        .ifPresent(
            slot -> volume.backing().orElseThrow().setOutOfSync(slot, offsetBytes, lengthBytes));
  }

  /** How fast a resync or verify may go, from now on. */
  public void setRate(ResyncRate rate) {
    resync.setRate(rate);
  }

  /** What a person may ask of the resync with the peer. */
  public SyncRequests requests() {
    return new SyncRequests(this);
  }

  void become(ReplicationState state, String cause) {
    resource.change(
        snapshot ->
            snapshot.changeDevice(peer.nodeId(), number(), device -> device.withReplication(state)),
        ChangeKind.HARD,
        "volume %d: %s".formatted(number(), cause));
  }

  /** What a peer's requests need, while there is a disk that takes them: the same for each. */
  Optional<IncomingVolume> incoming() {
    boolean usable =
        volume.backing().isPresent()
            && !resource.now().volume(number()).disk().isBelow(DiskState.INCONSISTENT);
    if (!usable) {
      return Optional.empty();
    }
    BackingDisk disk = volume.backing().orElseThrow();
    if (incoming.filter(present -> present.isFor(disk, slot())).isEmpty()) {
      incoming =
          Optional.of(
              new IncomingVolume(
                  volume.disk(), disk, peer.writes(), slot(), new Circumstances(), volume));
    }
    return incoming;
  }

  /** What the peer's requests ask for as they come. */
  private final class Circumstances implements IncomingVolume.Circumstances {
    @Override
    public boolean isResyncing() {
      return Disposition.mayTakeMarksAway(replication());
    }

    @Override
    public boolean senderHasNoDisk() {
      return snapshot().disk().isBelow(DiskState.INCONSISTENT);
    }

    @Override
    public boolean isFlushedAtBarriers() {
      return volume.local().writeOrdering() == WriteOrdering.FLUSH;
    }
  }

  /** The connection is lost: what was said on it means nothing any more. */
  void lost() {
    resync.end();
    resyncStart.reset();
    bitmaps.reset();
    negotiation.reset();
    volume.disk().reads().lost(peer.writes());
  }

  void removed() {
    volume.disk().removeReplica(replica);
  }
}
