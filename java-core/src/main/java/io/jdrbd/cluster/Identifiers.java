package io.jdrbd.cluster;

import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sync.Standing;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.wire.UuidPacket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The generation identifiers of one volume on one connection: what the peer has said of its own,
 * and what it is told of this node's (spec 3.4).
 */
final class Identifiers {
  private static final long NO_SLOT = -1;

  private final PeerVolume device;
  private Optional<Generations> peer = Optional.empty();
  private Set<UuidFlag> peerFlags = EnumSet.noneOf(UuidFlag.class);
  private long peerDirtyBlocks;
  private Optional<Told> told = Optional.empty();

  /** The peer lists this node among those that it has a bitmap for, and so does this node. */
  private boolean listsItself;

  /** The disk that is attached was part of a connection that stood, since it is attached. */
  private boolean wasPaired;

  Identifiers(PeerVolume device) {
    this.device = device;
  }

  /**
   * What this node has said in the handshake: the peer decides on that.
   *
   * @param generations all of them
   * @param dirtyBlocks marked blocks towards the peer
   * @param flags what is special about them
   */
  record Told(Generations generations, long dirtyBlocks, Set<UuidFlag> flags) {}

  /** What the peer has said on this connection. */
  Optional<Generations> peer() {
    return peer;
  }

  Set<UuidFlag> peerFlags() {
    return peerFlags;
  }

  long peerDirtyBlocks() {
    return peerDirtyBlocks;
  }

  /** What the peer was told in this handshake, from protocol version 110 on. */
  Optional<Told> told() {
    return told;
  }

  /** The peer is about to tell them anew. */
  void forgetPeer() {
    peer = Optional.empty();
  }

  void setPeer(Generations changed) {
    peer = Optional.of(changed);
  }

  /** Both have the same now; the peer's identifiers are the own ones. */
  void isInSync(Generations own) {
    peer =
        Optional.of(
            new Generations(device.peer().nodeId(), own.current(), noSlots(), own.history()));
  }

  /** A handshake begins: what was said before does not count. */
  void reset() {
    peer = Optional.empty();
    peerFlags = EnumSet.noneOf(UuidFlag.class);
    told = Optional.empty();
  }

  private int self() {
    return device.resource().now().settings().nodeId();
  }

  private static List<Long> noSlots() {
    return Collections.nCopies(SuperblockV09.NODES, NO_SLOT);
  }

  // -- what the peer says

  /** P_UUIDS (spec 3.4.2). */
  void received(UuidPacket.Uuids packet) {
    List<Long> slots = new ArrayList<>(noSlots());
    slots.set(self(), packet.bitmap());
    List<Long> history = List.of(packet.history0(), packet.history1());
    received(packet.current(), slots, history, packet.flags(), packet.dirtyBits());
  }

  /** P_UUIDS110 (spec 3.4.3). */
  void received(UuidPacket.Uuids110 packet) {
    List<Long> slots = new ArrayList<>();
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      slots.add(packet.bitmap(node));
    }
    listsItself = true;
    received(packet.current(), slots, packet.history(), packet.flags(), packet.dirtyBits());
  }

  /** P_CURRENT_UUID of a node without a disk (spec 3.4.5). */
  void received(UuidPacket.CurrentUuid packet) {
    received(packet.current(), noSlots(), List.of(), UuidFlag.STABLE.mask(), 0);
  }

  private void received(
      long current, List<Long> slots, List<Long> newest, long flags, long dirtyBlocks) {
    List<Long> history = new ArrayList<>(newest);
    history.addAll(Collections.nCopies(UuidPacket.Uuids110.HISTORY_MAX - newest.size(), 0L));
    peer = Optional.of(new Generations(device.peer().nodeId(), current, slots, history));
    peerFlags = UuidFlag.of(flags);
    peerDirtyBlocks = dirtyBlocks;
  }

  // -- what the peer is told

  /** In the handshake; what is said there is remembered. */
  void sendFirst() {
    Told now = now();
    told = device.peer().dialect().isVersion9() ? Optional.of(now) : Optional.empty();
    send(now.flags(), weakNodes());
  }

  /** As they are now. */
  void send() {
    send(flags(), 0);
  }

  /** As they are now, with something special about them. */
  void send(UuidFlag special) {
    Set<UuidFlag> flags = EnumSet.of(special);
    flags.addAll(flags());
    send(flags, 0);
  }

  /** What applications see of a volume without a disk, from version 110 on (spec 3.4.5). */
  void sendExposed() {
    device.send(new UuidPacket.CurrentUuid(device.volume().exposed().current(), weakNodes()));
  }

  /**
   * A new generation begins.
   *
   * @param next the own identifiers with it
   * @param forced by a forced promotion: the peer does not have its data
   */
  void sendNew(Generations next, boolean forced) {
    Set<UuidFlag> flags = EnumSet.noneOf(UuidFlag.class);
    flags.addAll(now().flags());
    if (!forced && device.peer().dialect().isVersion9()) {
      flags.add(UuidFlag.NEW_DATAGEN);
    }
    send(next, flags, weakNodes());
  }

  /** What the peer would be told now. */
  Told now() {
    return new Told(
        device.volume().local().generations(), device.dirtyBlocks(), Set.copyOf(flags()));
  }

  private void send(Set<UuidFlag> flags, long weakNodes) {
    if (device.volume().backing().isPresent()) {
      send(device.volume().local().generations(), flags, weakNodes);
    }
  }

  private void send(Generations own, Set<UuidFlag> flags, long weakNodes) {
    if (device.volume().backing().isEmpty() || device.peer().session().isEmpty()) {
      return;
    }
    if (device.peer().dialect().isVersion9()) {
      device.send(uuids110(own, flags, weakNodes));
    } else {
      device.send(
          new UuidPacket.Uuids(
              own.current(),
              own.bitmap().get(device.peer().nodeId()),
              own.history().get(0),
              own.history().get(1),
              device.dirtyBlocks(),
              UuidFlag.word(flags)));
    }
  }

  private UuidPacket.Uuids110 uuids110(Generations own, Set<UuidFlag> flags, long weakNodes) {
    long mask = 1L << device.peer().nodeId() | (listsItself ? 1L << self() : 0);
    List<Long> slots = new ArrayList<>();
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      mask |= device.resource().peer(node).isPresent() ? 1L << node : 0;
      if ((mask >>> node & 1) != 0) {
        slots.add(node == self() ? 0 : slot(own, node));
      }
    }
    return new UuidPacket.Uuids110(
        own.current(),
        device.dirtyBlocks(),
        UuidFlag.word(flags),
        flags.contains(UuidFlag.STABLE) ? weakNodes : primaries(),
        mask,
        slots,
        own.history());
  }

  /** 0 would mean "in sync" to a source that this node is still behind of. */
  private long slot(Generations own, int node) {
    boolean behind =
        node == device.peer().nodeId()
            && device.replication().isTarget()
            && peer.filter(
                    theirs ->
                        Generations.plain(theirs.current()) != Generations.plain(own.current()))
                .isPresent();
    long slot = own.bitmap().get(node);
    return slot == 0 && behind ? NO_SLOT : slot;
  }

  private List<Standing.Neighbour> neighbours() {
    ResourceSnapshot now = device.resource().now();
    return now.connections().values().stream()
        .filter(ConnectionSnapshot::isConnected)
        .map(
            connection ->
                new Standing.Neighbour(
                    connection.peer(),
                    connection.peerRole(),
                    connection.device(device.number()).disk()))
        .toList();
  }

  private long primaries() {
    return Standing.nodeMask(self(), Role.SECONDARY, DiskState.DISKLESS, neighbours());
  }

  private long weakNodes() {
    ResourceSnapshot now = device.resource().now();
    DiskState disk = now.volume(device.number()).disk();
    return now.role() == Role.PRIMARY ? Standing.weakNodes(self(), disk, neighbours()) : 0;
  }

  /**
   * The new states hold from now on. What a disk has gone through before it was attached, the life
   * of its last owner included, was no connection of this one.
   */
  void inForce(PeerDeviceSnapshot after) {
    DiskState own = device.resource().now().ownDisk(device.number());
    boolean paired = wasPaired || after.replication() != ReplicationState.OFF;
    wasPaired = own.isAbove(DiskState.NEGOTIATING) && paired;
  }

  /** What is special about this node's identifiers. */
  Set<UuidFlag> flags() {
    EnumSet<UuidFlag> flags = EnumSet.noneOf(UuidFlag.class);
    ResourceSnapshot now = device.resource().now();
    if (device.peer().discardMyData()) {
      flags.add(UuidFlag.DISCARD_MY_DATA);
    }
    if (device.volume().local().isCrashedPrimary()) {
      flags.add(UuidFlag.CRASHED_PRIMARY);
    }
    if (now.ownDisk(device.number()) == DiskState.INCONSISTENT) {
      flags.add(UuidFlag.INCONSISTENT);
    }
    if (!device.peer().dialect().isVersion9()) {
      return flags;
    }
    if (Standing.isStable(now.role(), neighbours())) {
      flags.add(UuidFlag.STABLE);
    }
    if (device.peer().hasBeenConnected() && wasPaired) {
      flags.add(UuidFlag.RECONNECT);
    }
    return flags;
  }

  /** Whether the peer is to be told of a generation that began here. */
  boolean followsGenerations() {
    ReplicationState replication = device.replication();
    return replication == ReplicationState.ESTABLISHED
        || replication == ReplicationState.WF_BITMAP_S
        || replication.isSource();
  }
}
