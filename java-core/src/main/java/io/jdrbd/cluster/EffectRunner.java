package io.jdrbd.cluster;

import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.FullSync;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Commit;
import io.jdrbd.state.cluster.Effect;
import io.jdrbd.state.sync.UuidFlag;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Carries out what follows from changes of a resource's state, one effect after the other. On the
 * loop.
 */
final class EffectRunner {
  private static final System.Logger LOG = System.getLogger(EffectRunner.class.getName());

  private final ClusterResource resource;
  private final Fencing fencing;

  EffectRunner(ClusterResource resource) {
    this.resource = resource;
    this.fencing = new Fencing(resource);
  }

  /**
   * Does it.
   *
   * @param done called once, when the next may be done
   */
  void run(Effect effect, Runnable done) {
    switch (effect) {
      case Effect.Lasting lasting -> run(lasting, done);
      case Effect.Prompt prompt -> {
        run(prompt);
        done.run();
      }
    }
  }

  private void run(Effect.Lasting effect, Runnable done) {
    switch (effect) {
      case Effect.SendSyncUuid(int peer, int volume) ->
          waiting(peer, volume, done, (device, sent) -> device.resyncStart().sendSyncUuid(sent));
      case Effect.ClearBitmap(int peer, int volume) ->
          waiting(peer, volume, done, PeerVolume::clearBitmap);
      case Effect.StartFullSync full -> startFullSync(full, done);
      case Effect.MakeNewUuid(int volume, boolean forced) ->
          resource.generations().make(volume, forced, done);
      case Effect.WriteBitmap(int volume) -> writeBitmap(volume, done);
      case Effect.WriteMetadata(int volume) ->
          resource
              .volume(volume)
              .ifPresentOrElse(changed -> changed.local().writeFlags(error -> done.run()), done);
      case Effect.ConnectionLost(int peer, boolean ignored) -> lost(peer, done);
      case Effect.EndUuidSuspension ignored -> endUuidSuspension(done);
    }
  }

  private void run(Effect.Prompt effect) {
    switch (effect) {
      case Effect.SendState(int peer, int volume, var word) ->
          device(peer, volume, device -> device.packets().sendState(word));
      case Effect.SendUuids(int peer, int volume, var news) ->
          device(peer, volume, device -> sendUuids(device, news));
      case Effect.SendSizes(int peer, int volume) ->
          device(peer, volume, device -> device.packets().sendSizes(0));
      case Effect.SendBitmap(int peer, int volume) ->
          device(peer, volume, device -> device.bitmaps().send());
      case Effect.CloseEpoch ignored -> resource.order().closeEpoch();
      case Effect.StartResync(int peer, int volume) ->
          device(peer, volume, device -> device.resync().start());
      case Effect.PauseResync(int peer, int volume) ->
          device(peer, volume, device -> device.resync().pause());
      case Effect.EndResync(int peer, int volume) ->
          device(peer, volume, device -> device.resync().end());
      case Effect.ConsiderResync(int peer, int volume) ->
          device(peer, volume, device -> device.peerStates().considerResync());
      case Effect.StartReceiver(int peer) -> peer(peer, ClusterPeer::startConnecting);
      case Effect.RestartReceiver(int peer) -> peer(peer, ClusterPeer::stop);
      case Effect.StopReceiver(int peer) -> peer(peer, ClusterPeer::stop);
      case Effect.RunHandler(String name, var peer, var volume) -> handler(name, peer, volume);
      case Effect.FencePeer(int peer) -> peer(peer, fencing::fence);
      case Effect.UnfencePeer(int peer) ->
          handler("unfence-peer", OptionalInt.of(peer), OptionalInt.empty());
      case Effect.FailIo ignored ->
          resource.volumes().forEach(volume -> volume.disk().setFailing(true));
      case Effect.SuspendIo ignored -> tellInForce(effect);
      case Effect.ResumeIo ignored -> goOnWithoutLostPeers();
      case Effect.ReleaseDisk(int volume) ->
          resource.volume(volume).ifPresent(released -> released.local().releaseDisk());
      case Effect.ResendRequests(int peer, int volume) -> returned(peer, volume, true);
      case Effect.CancelRequests(int peer, int volume) -> returned(peer, volume, false);
      case Effect.EndFencingSuspension(int peer, boolean withNewUuid) ->
          fencing.endSuspension(peer, withNewUuid);
      case Effect.AskCluster ignored -> goOnWithoutPrimary();
      case Effect.SendRole(int peer) -> peer(peer, ClusterPeer::sendDemotion);
      case Effect.SendDagtag ignored -> tellInForce(effect);
      case Effect.FlushPeerAcks ignored -> resource.order().flushPeerAcks();
      case Effect.ExpireTransaction ignored -> tellInForce(effect);
    }
  }

  private static void sendUuids(PeerVolume device, Effect.UuidNews news) {
    switch (news) {
      case VALUES -> device.identifiers().send();
      case BECAME_STABLE -> device.identifiers().send(UuidFlag.GOT_STABLE);
    }
  }

  /**
   * The empty transaction, by which the survivors of a Primary find out who is left (spec 4.17.4).
   * Peers below protocol version 110 take no part in transactions, so nobody else has to be asked.
   */
  private void goOnWithoutPrimary() {
    long primaries =
        resource.now().role() == Role.PRIMARY ? 1L << resource.now().settings().nodeId() : 0;
    Commit alone = new Commit(Commit.Kind.EMPTY, primaries, 0, false);
    resource.change(
        state -> alone.atInitiator(state, state), ChangeKind.HARD, "nobody else is left");
  }

  /** Was done at once when the state came into force, or by the volume that it is about. */
  private void tellInForce(Effect effect) {
    LOG.log(System.Logger.Level.DEBUG, "{0}: {1} is in force", resource.name(), effect);
  }

  /** Nobody waits for the end of these, whatever it is. */
  private void handler(String name, OptionalInt peer, OptionalInt volume) {
    var _ = resource.listener().handler(name, peer, volume);
  }

  /** The peer is back with a volume that I/O was suspended for: a resync brings it all, or not. */
  private void returned(int node, int volume, boolean again) {
    device(node, volume, device -> device.peer().writes().returned(device.volume().disk(), again));
  }

  private void goOnWithoutLostPeers() {
    for (ClusterPeer peer : resource.peers()) {
      if (!resource.now().connection(peer.nodeId()).isConnected()) {
        peer.writes().goOnWithout();
      }
    }
  }

  /**
   * Writes that the peer has not confirmed are about to complete without it: what makes the two
   * disks tell apart must be durable before the application hears of them (spec 2.19). What a
   * verify has marked makes them tell apart as well: with the same generation on both, the marks
   * would be forgotten at the next connect (spec 6.13), and so they are resynced. While I/O is
   * suspended nobody hears of anything.
   */
  private void lost(int nodeId, Runnable done) {
    Optional<ClusterPeer> peer = resource.peer(nodeId);
    List<Integer> owing =
        peer.filter(found -> !resource.now().isSuspended()).stream()
            .flatMap(found -> found.volumes().stream())
            .filter(EffectRunner::mayDiffer)
            .map(PeerVolume::number)
            .filter(number -> resource.now().volume(number).owesNewUuid())
            .toList();
    makeAll(
        owing,
        () -> {
          peer.ifPresent(ClusterPeer::lost);
          done.run();
        });
  }

  private static boolean mayDiffer(PeerVolume device) {
    return device.peer().writes().hasUnconfirmed() || device.dirtyBlocks() > 0;
  }

  private void makeAll(List<Integer> volumes, Runnable then) {
    if (volumes.isEmpty() || resource.now().role() != Role.PRIMARY) {
      then.run();
    } else {
      resource
          .generations()
          .make(volumes.getFirst(), false, () -> makeAll(volumes.subList(1, volumes.size()), then));
    }
  }

  private void peer(int nodeId, Consumer<ClusterPeer> action) {
    resource.peer(nodeId).ifPresent(action);
  }

  private Optional<PeerVolume> device(int peer, int volume) {
    return resource.peer(peer).flatMap(found -> found.volume(volume));
  }

  private void device(int peer, int volume, Consumer<PeerVolume> action) {
    device(peer, volume).ifPresent(action);
  }

  /** Something that a peer device does and that has an end. */
  @FunctionalInterface
  private interface Waiting {
    void run(PeerVolume device, Runnable done);
  }

  private void waiting(int peer, int volume, Runnable done, Waiting action) {
    device(peer, volume).ifPresentOrElse(device -> action.run(device, done), done);
  }

  private void startFullSync(Effect.StartFullSync full, Runnable done) {
    Optional<BackingDisk> disk = resource.volume(full.volume()).flatMap(ClusterVolume::backing);
    Optional<PeerVolume> device = device(full.peer(), full.volume());
    if (disk.isEmpty() || device.isEmpty()) {
      done.run();
      return;
    }
    OptionalInt marked = full.allPeers() ? OptionalInt.empty() : OptionalInt.of(full.peer());
    new FullSync(disk.get(), marked)
        .order(
            error -> {
              device.get().resyncStart().fullSyncIsMarked();
              done.run();
            });
  }

  private void writeBitmap(int volume, Runnable done) {
    resource
        .volume(volume)
        .flatMap(ClusterVolume::backing)
        .ifPresentOrElse(disk -> disk.writeBitmap(error -> done.run()), done);
  }

  private void endUuidSuspension(Runnable done) {
    resource.change(
        state -> state.withSuspension(state.suspension().withUuid(false)),
        ChangeKind.HARD,
        "new generation written");
    done.run();
  }
}
