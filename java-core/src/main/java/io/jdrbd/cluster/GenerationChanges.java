package io.jdrbd.cluster;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Begins new generations: on the own disk first, then made known to the peers (spec 3.5). */
final class GenerationChanges {
  private static final System.Logger LOG = System.getLogger(GenerationChanges.class.getName());
  private static final long JUST_CREATED = 4;

  private final ClusterResource resource;
  private final Announcements announcements;

  GenerationChanges(ClusterResource resource) {
    this.resource = resource;
    this.announcements = new Announcements(resource);
  }

  /** The next write waits until the generation that is owed was made (spec 3.5.3). */
  void makeBeforeNextWrite(ClusterVolume volume) {
    volume.disk().entrance().beforeNextWrite(() -> makeOwed(volume));
  }

  private void makeOwed(ClusterVolume volume) {
    boolean due =
        resource.now().role() == Role.PRIMARY
            && resource.now().volume(volume.number()).owesNewUuid();
    if (due) {
      make(volume.number(), false, volume.disk().entrance()::release);
    } else {
      volume.disk().entrance().release();
    }
  }

  /**
   * Begins a new generation of a volume, if one is due.
   *
   * @param forced by a forced promotion
   * @param done called when it is durable, or if it could not be
   */
  void make(int number, boolean forced, Runnable done) {
    resource.states().newUuidIsMade(number);
    ClusterVolume volume = resource.volume(number).orElseThrow();
    volume.disk().entrance().nothingBeforeNextWrite();
    if (volume.backing().isEmpty()) {
      beginWithoutDisk(volume);
      done.run();
      return;
    }
    announcements.finish(number);
    Generations before = volume.local().generations();
    boolean primary = resource.now().role() == Role.PRIMARY;
    Generations.NewCurrent next =
        before.newCurrent(cluster(volume), forcedOn(number, forced), primary, this::random);
    boolean leavesNobody = leavesNobodyBehind(before, next.after());
    if (!next.due() || (leavesNobody && cannotBeTold(number))) {
      done.run();
      return;
    }
    if (leavesNobody && !forced) {
      announcements.announce(
          number, next.after(), () -> begin(volume, before, next.after(), () -> {}, done));
    } else {
      begin(volume, before, next.after(), () -> tell(number, next.after(), forced), done);
    }
  }

  /**
   * A Primary without a disk names the generation that its peers write from now on, if there is one
   * that does not tell it from the disk that is gone yet (spec 3.8).
   */
  private void beginWithoutDisk(ClusterVolume volume) {
    int self = resource.now().settings().nodeId();
    List<PeerVolume> told =
        resource.peers().stream()
            .filter(peer -> peer.dialect().isVersion9())
            .flatMap(peer -> peer.volume(volume.number()).stream())
            .filter(device -> device.replication() == ReplicationState.ESTABLISHED)
            .toList();
    boolean due =
        resource.now().role() == Role.PRIMARY
            && told.stream()
                .filter(device -> device.snapshot().disk() == DiskState.UP_TO_DATE)
                .flatMap(device -> device.identifiers().peer().stream())
                .anyMatch(theirs -> theirs.bitmap().get(self) == 0);
    if (due) {
      resource.order().closeEpoch();
      volume.exposed().begin(random() | Superblock.UUID_PRIMARY);
      told.forEach(device -> device.identifiers().sendExposed());
    }
  }

  /** Where something else has changed meanwhile, it is looked at anew. */
  private void begin(
      ClusterVolume volume, Generations before, Generations next, Runnable tell, Runnable done) {
    if (!volume.local().generations().equals(before)) {
      make(volume.number(), false, done);
      return;
    }
    followedByDiskless(volume.number(), next);
    volume
        .local()
        .setGenerations(
            next,
            error -> {
              LOG.log(
                  System.Logger.Level.INFO,
                  "{0}: new generation {1} after {2}",
                  volume.local().name(),
                  "%016X".formatted(next.current()),
                  "%016X".formatted(before.current()));
              resource.order().closeEpoch();
              tell.run();
              done.run();
            });
  }

  Announcements announcements() {
    return announcements;
  }

  private boolean leavesNobodyBehind(Generations before, Generations after) {
    return resource.peers().stream()
        .mapToInt(ClusterPeer::nodeId)
        .allMatch(node -> before.bitmap().get(node).equals(after.bitmap().get(node)));
  }

  /**
   * A connected peer below version 110 never takes over a generation that was begun here (spec
   * 3.5.3): one that no bitmap accounts for would make the two strangers.
   */
  private boolean cannotBeTold(int volume) {
    return resource.now().connections().values().stream()
        .anyMatch(
            connection ->
                connection.isConnected()
                    && connection.facts().isVersion84()
                    && connection.device(volume).disk().isAtLeast(DiskState.INCONSISTENT));
  }

  private long forcedOn(int volume, boolean forced) {
    long mask = 0;
    for (ConnectionSnapshot connection : resource.now().connections().values()) {
      PeerDeviceSnapshot device = connection.device(volume);
      boolean concerned =
          forced
              && device.replication() == ReplicationState.ESTABLISHED
              && device.disk() == DiskState.INCONSISTENT;
      mask |= concerned ? 1L << connection.peer() : 0;
    }
    return mask;
  }

  /** A node of 8.4 without a disk takes over what it is told, and never says so (spec 3.4.7). */
  private void followedByDiskless(int volume, Generations begun) {
    for (ClusterPeer peer : resource.peers()) {
      boolean old = resource.now().connection(peer.nodeId()).facts().isVersion84();
      peer.volume(volume)
          .filter(device -> old && device.replication() != ReplicationState.OFF)
          .filter(device -> device.snapshot().disk().isBelow(DiskState.INCONSISTENT))
          .ifPresent(device -> device.identifiers().isInSync(begun));
    }
  }

  private void tell(int volume, Generations next, boolean forced) {
    for (ClusterPeer peer : resource.peers()) {
      peer.volume(volume)
          .filter(device -> device.snapshot().replication() != ReplicationState.OFF)
          .ifPresent(device -> device.identifiers().sendNew(next, forced));
    }
  }

  /**
   * Takes over a generation that a connected Primary has begun (spec 3.5.4).
   *
   * @param weakNodes that do not get what it writes
   * @param done called when it is durable, and the peers were told
   */
  void follow(ClusterVolume volume, long uuid, long weakNodes, Runnable done) {
    ResourceSnapshot now = resource.now();
    Generations after =
        volume
            .local()
            .generations()
            .received(
                uuid,
                weakNodes,
                cluster(volume),
                now.volume(volume.number()).disk() == DiskState.UP_TO_DATE,
                now.role() == Role.PRIMARY,
                this::random);
    volume
        .local()
        .setGenerations(
            after,
            error -> {
              for (ClusterPeer peer : resource.peers()) {
                peer.volume(volume.number())
                    .map(PeerVolume::identifiers)
                    .filter(Identifiers::followsGenerations)
                    .ifPresent(Identifiers::send);
              }
              done.run();
            });
  }

  /** What is known of the other nodes. */
  Generations.Cluster cluster(ClusterVolume volume) {
    ResourceSnapshot now = resource.now();
    List<Generations.Peer> peers = new ArrayList<>();
    for (ConnectionSnapshot connection : now.connections().values()) {
      DiskState disk = connection.device(volume.number()).disk();
      boolean hasData = disk.isAbove(DiskState.D_UNKNOWN) || isReachable(disk);
      boolean diskless = connection.isConnected() && disk == DiskState.DISKLESS;
      peers.add(new Generations.Peer(connection.peer(), hasData, diskless));
    }
    List<Integer> slots = new ArrayList<>();
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      slots.add(node == now.settings().nodeId() ? -1 : slotIfAny(volume, node));
    }
    long used = slots.stream().filter(slot -> slot >= 0).count();
    int all = volume.backing().orElseThrow().bitmap().slots();
    return new Generations.Cluster(peers, slots, (int) Math.max(0, all - used));
  }

  private int slotIfAny(ClusterVolume volume, int node) {
    return resource
        .peer(node)
        .flatMap(peer -> peer.volume(volume.number()))
        .map(device -> device.slot().orElse(-1))
        .orElse(-1);
  }

  private static boolean isReachable(DiskState disk) {
    return disk == DiskState.NEGOTIATING;
  }

  long random() {
    long uuid;
    do {
      uuid = Generations.plain(resource.random().nextLong());
    } while (uuid == 0 || uuid == JUST_CREATED);
    return uuid;
  }
}
