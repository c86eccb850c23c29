package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.OldPeerGenerations;
import io.jdrbd.replication.Disposition;
import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.replication.Replica;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.PeerDeviceFacts;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.QueueLimits;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.UuidPacket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One volume on one connection: what the peer has said of it, what is said to the peer, and the
 * resync between the two.
 */
public final class PeerVolume {
  private static final int MAX_BIO_BYTES = 1 << 20;

  private final ClusterResource resource;
  private final ClusterPeer peer;
  private final ClusterVolume volume;
  private final Replica replica;
  private final BitmapTransfer bitmaps;
  private final Identifiers identifiers;
  private final PeerNegotiation negotiation;
  private final PeerResync resync;
  private final Traffic traffic = new Traffic();
  private final OpenRequests open = new OpenRequests(this);
  private Optional<IncomingVolume> incoming = Optional.empty();
  private OptionalLong namedTooEarly = OptionalLong.empty();

  /** The own generation when a resync with this node as target began. */
  private long startUuid;

  PeerVolume(ClusterResource resource, ClusterPeer peer, ClusterVolume volume) {
    this.resource = resource;
    this.peer = peer;
    this.volume = volume;
    this.replica = volume.disk().addReplica(peer.writes());
    this.bitmaps = new BitmapTransfer(this);
    this.identifiers = new Identifiers(this);
    this.negotiation = new PeerNegotiation(this);
    this.resync = new PeerResync(this);
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

  Identifiers identifiers() {
    return identifiers;
  }

  PeerResync resync() {
    return resync;
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

  /** What the rules have to know besides the states. */
  PeerDeviceSnapshot withFacts(PeerDeviceSnapshot snapshot) {
    PeerDeviceFacts facts = snapshot.facts();
    boolean known = identifiers.peer().isPresent();
    boolean same =
        known ? volume.isOfGeneration(identifiers.peer().orElseThrow().current()) : refusesOthers();
    boolean zero =
        volume.backing().isEmpty() || volume.local().generations().bitmap().get(peer.nodeId()) == 0;
    return snapshot.withFacts(
        facts
            .withStable(known && isPeerStable())
            .withToldOldUuid(toldOldUuid())
            .withSameUuid(same)
            .withBitmapUuidIsZero(zero)
            .withDirtyBits(dirtyBlocks()));
  }

  /** A node of 8.4 without a disk tells no identifiers; as a Primary it refuses foreign ones. */
  private boolean refusesOthers() {
    return peer.session().isPresent() && !peer.dialect().isVersion9();
  }

  private boolean isPeerStable() {
    return !peer.dialect().isVersion9() || identifiers.peerFlags().contains(UuidFlag.STABLE);
  }

  private boolean toldOldUuid() {
    return volume.backing().isPresent()
        && identifiers
            .told()
            .filter(told -> told.generations().current() != volume.local().generations().current())
            .isPresent();
  }

  /** The new states hold from now on. */
  void inForce(PeerDeviceSnapshot after) {
    replica.setSlot(slot());
    replica.become(after.disk(), after.replication(), peer.settings().remoteRead());
  }

  // -- what is said to the peer

  /** All that the peer has to know of the volume before states are compared (spec 3.1.1). */
  void sendBurst() {
    ResyncRate rate = resync.rate();
    send(
        new NegotiationPacket.SyncParam89(
            rate.fixedKib(),
            peer.settings().verifyAlgorithm(),
            peer.settings().csumsAlgorithm(),
            new NegotiationPacket.ResyncRates(
                rate.planAheadDs(),
                rate.delayTargetDs(),
                rate.fillTargetSectors(),
                rate.maxKib())));
    sendSizes();
    if (volume.backing().isPresent()) {
      identifiers.sendFirst();
    } else if (peer.dialect().isVersion9()) {
      identifiers.sendExposed();
    }
    sendState(StateWord.of(resource.now(), peer.nodeId(), number()));
  }

  void sendSizes() {
    sendSizes(0);
  }

  /**
   * @param ddsFlags of a resize
   */
  void sendSizes(int ddsFlags) {
    peer.session().ifPresent(session -> send(sizes(session, ddsFlags)));
  }

  /** Before the connection stands, a disk counts as large as it is in use. */
  private NegotiationPacket.Sizes sizes(PeerSession session, int ddsFlags) {
    boolean disk = volume.backing().isPresent();
    boolean stands = replication() != ReplicationState.OFF;
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
    DiskGeometry geometry = volume.local().geometry();
    int block = disk ? volume.blockBytes() : 512;
    return new QueueLimits(
        disk ? geometry.physicalBlockBytes() : 512, block, 0, block, 0, true, false, false, 0);
  }

  void sendState(StateWord word) {
    send(new StatePacket.State(new io.jdrbd.wire.StateWord(word.pack(DiskNumbering.VERSION_9))));
  }

  void send(Packet packet) {
    peer.session().ifPresent(session -> session.send(number(), packet));
  }

  // -- resync

  /** As source of a peer below 110: names the resync, durably, and tells the target. */
  void sendSyncUuid(Runnable done) {
    if (volume.backing().isEmpty()) {
      done.run();
      return;
    }
    Generations own = volume.local().generations();
    long random = Generations.plain(resource.random().nextLong());
    long syncUuid = OldPeerGenerations.syncUuid(own, peer.nodeId(), random);
    volume
        .local()
        .setGenerations(
            OldPeerGenerations.startsAsSource(own, peer.nodeId(), syncUuid),
            error -> {
              send(new UuidPacket.SyncUuid(syncUuid));
              done.run();
            });
  }

  /** P_SYNC_UUID: the source has named the resync; as target it begins. */
  void syncUuid(long uuid) throws ProtocolViolation {
    switch (replication()) {
      case STARTING_SYNC_T, WF_BITMAP_T, WF_SYNC_UUID, BEHIND -> {
        // this node will be the target, or is about to be
      }
      default -> throw PacketDispatch.unexpected(new UuidPacket.SyncUuid(uuid));
    }
    if (volume.backing().isEmpty()) {
      return;
    }
    peer.holdData();
    if (replication() == ReplicationState.WF_SYNC_UUID) {
      startNamed(uuid);
    } else {
      namedTooEarly = OptionalLong.of(uuid);
    }
  }

  private void startNamed(long uuid) {
    Generations own = volume.local().generations();
    becomeTarget(OldPeerGenerations.startsAsTarget(own, peer.nodeId(), uuid), "resync begins");
  }

  /**
   * The peer's marks have to be durable before anything is resynced: it forgets its own as soon as
   * this node acknowledges, which is before the data is durable.
   */
  private void becomeTarget(Generations started, String cause) {
    volume
        .backing()
        .orElseThrow()
        .writeBitmap(
            bitmapError -> {
              if (volume.backing().isEmpty()) {
                peer.releaseData();
                return;
              }
              volume
                  .local()
                  .setGenerations(
                      started,
                      error -> {
                        become(ReplicationState.SYNC_TARGET, cause);
                        peer.releaseData();
                      });
            });
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

  void sendBitmap() {
    bitmaps.send();
  }

  /** Both series of bitmaps are merged: the resync begins. */
  void bitmapsAreMerged() {
    if (replication() == ReplicationState.WF_BITMAP_T) {
      bitmaps.send();
      startAsTarget("bitmaps are exchanged");
    } else if (replication() == ReplicationState.WF_BITMAP_S) {
      become(ReplicationState.SYNC_SOURCE, "bitmaps are exchanged");
    }
  }

  /** A full sync was ordered, and all blocks are marked durably. */
  void fullSyncIsMarked() {
    if (replication() == ReplicationState.STARTING_SYNC_S) {
      become(ReplicationState.SYNC_SOURCE, "all blocks are marked");
    } else if (replication() == ReplicationState.STARTING_SYNC_T) {
      startAsTarget("all blocks are marked");
    }
  }

  /** Below 110 the source names the resync first; from then on the target begins by itself. */
  private void startAsTarget(String cause) {
    if (!peer.dialect().isVersion9()) {
      become(ReplicationState.WF_SYNC_UUID, cause);
      OptionalLong named = namedTooEarly;
      namedTooEarly = OptionalLong.empty();
      named.ifPresent(this::startNamed);
      return;
    }
    Generations own = volume.local().generations();
    long slot = identifiers.peer().map(theirs -> theirs.bitmap().get(ownNode())).orElse(0L);
    Generations started =
        own.resyncStarts(
            slot, resource.generations().cluster(volume), resource.generations()::random);
    startUuid = started.current();
    peer.holdData();
    becomeTarget(started, cause);
  }

  /** Both have grown, and the peer gets what this node has there. */
  void sendNewSpace() {
    become(ReplicationState.SYNC_SOURCE, "the peer gets the new space");
  }

  /** Both have grown, and this node gets what the peer has there; generations stay as they are. */
  void receiveNewSpace() {
    startUuid = volume.local().generations().current();
    become(
        peer.dialect().isVersion9() ? ReplicationState.SYNC_TARGET : ReplicationState.WF_SYNC_UUID,
        "the new space comes from the peer");
  }

  private int ownNode() {
    return resource.now().settings().nodeId();
  }

  void startResync() {
    resync.start();
  }

  void pauseResync() {
    resync.pause();
  }

  void endResync() {
    resync.end();
  }

  /** How fast a resync or verify may go, from now on. */
  public void setRate(ResyncRate rate) {
    resync.setRate(rate);
  }

  /** What a person may ask of the resync with the peer. */
  public SyncRequests requests() {
    return new SyncRequests(this);
  }

  /** All is written and acknowledged; the source must have seen that before it hears the end. */
  void targetFinished(long failedBlocks) {
    peer.session().ifPresent(session -> session.ping(() -> endAsTarget(failedBlocks)));
  }

  private void endAsTarget(long failedBlocks) {
    if (!replication().isTarget() || volume.backing().isEmpty()) {
      return;
    }
    if (failedBlocks > 0) {
      become(ReplicationState.ESTABLISHED, failedBlocks + " blocks could not be resynced");
      return;
    }
    volume.local().setGenerations(generationsAfterResync(), error -> resyncIsDurable());
  }

  private Generations generationsAfterResync() {
    Generations own = volume.local().generations();
    Generations theirs = identifiers.peer().orElse(own);
    boolean primary = resource.now().role() == Role.PRIMARY;
    if (!peer.dialect().isVersion9()) {
      return OldPeerGenerations.finishedAsTarget(own, theirs, primary);
    }
    List<Integer> slots = resource.generations().cluster(volume).slots();
    return own.resyncFinished(theirs, 1L << peer.nodeId(), slots, startUuid).marked(primary);
  }

  private void resyncIsDurable() {
    if (!replication().isTarget()) {
      sourceIsLostMeanwhile();
      return;
    }
    DiskState good = snapshot().disk();
    if (!peer.dialect().isVersion9()) {
      identifiers.isInSync(volume.local().generations());
    }
    resource.change(
        state ->
            state
                .changeDevice(
                    peer.nodeId(),
                    number(),
                    device -> device.withReplication(ReplicationState.ESTABLISHED))
                .changeVolume(number(), own -> own.withDisk(good)),
        ChangeKind.HARD,
        "resync of volume %d done".formatted(number()));
    volume.local().forgetCrash();
  }

  /** Nothing is missing, but the source may have changed since. */
  private void sourceIsLostMeanwhile() {
    if (resource.now().volume(number()).disk() == DiskState.INCONSISTENT) {
      resource.diskBecame(number(), DiskState.CONSISTENT, "resync done, but its source is lost");
    }
  }

  /** The target says that it has everything (spec 6.12). */
  void sourceFinished(DiskState peerDisk) {
    peer.session()
        .ifPresent(
            session ->
                session.ping(
                    () -> {
                      if (replication().isSource()) {
                        endAsSource(peerDisk);
                      }
                    }));
  }

  private void endAsSource(DiskState peerDisk) {
    boolean complete = resync.source().map(running -> running.failedBlocks() == 0).orElse(true);
    Generations own = volume.local().generations();
    boolean old = !peer.dialect().isVersion9();
    Generations ended = complete && old ? own.inSyncWith(peer.nodeId()) : own;
    volume
        .local()
        .setGenerations(
            ended,
            error -> {
              if (old) {
                identifiers.isInSync(ended);
              }
              resource.change(
                  state ->
                      state.changeDevice(
                          peer.nodeId(),
                          number(),
                          device ->
                              device
                                  .withReplication(ReplicationState.ESTABLISHED)
                                  .withDisk(complete ? peerDisk : DiskState.INCONSISTENT)),
                  ChangeKind.HARD,
                  "resync of volume %d done".formatted(number()));
              if (complete) {
                volume.local().forgetCrash();
              }
            });
  }

  /** The next state that the peer tells is compared as if it were the first. */
  void considerResync() {
    negotiation.considerResync();
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
    endResync();
    namedTooEarly = OptionalLong.empty();
    bitmaps.reset();
    negotiation.reset();
    volume.disk().reads().lost(peer.writes());
  }

  void removed() {
    volume.disk().removeReplica(replica);
  }
}
