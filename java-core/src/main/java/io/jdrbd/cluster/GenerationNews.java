package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.sync.SyncOutcome;
import io.jdrbd.state.sync.UuidFlag;
import java.util.Set;

/**
 * What follows when a connected peer tells of its generations, from version 110 on (spec 3.4.7).
 */
final class GenerationNews {
  private final PeerVolume device;
  private final Identifiers identifiers;
  private final Set<UuidFlag> flags;

  GenerationNews(PeerVolume device) {
    this.device = device;
    this.identifiers = device.identifiers();
    this.flags = identifiers.peerFlags();
  }

  /**
   * Identifiers have come, and are stored.
   *
   * @param nodeMask of the packet
   */
  void told(long nodeMask) {
    if (device.volume().backing().isEmpty()) {
      return;
    }
    device
        .resource()
        .generations()
        .announcements()
        .told(device.number(), device.peer().nodeId(), theirs().current());
    if (flags.contains(UuidFlag.NEW_DATAGEN)) {
      follow(nodeMask);
    }
    if (endsResync()) {
      device.volume().local().setGenerations(own().inSyncWith(device.peer().nodeId()), error -> {});
    }
    boolean established = device.replication() == ReplicationState.ESTABLISHED;
    if (flags.contains(UuidFlag.GOT_STABLE)
        && established
        && identifiers.flags().contains(UuidFlag.STABLE)) {
      becameStable();
      identifiers.send(UuidFlag.RESYNC);
      compare();
    }
    if (flags.contains(UuidFlag.RESYNC) && established) {
      compare();
    }
  }

  /**
   * P_CURRENT_UUID: a Primary without a disk writes a new generation (spec 3.8).
   *
   * @param weakNodes of the packet
   */
  void toldWithoutDisk(long weakNodes) {
    ResourceSnapshot now = device.resource().now();
    int node = device.peer().nodeId();
    boolean follows =
        device.volume().backing().isPresent()
            && now.connection(node).peerRole() == Role.PRIMARY
            && now.volume(device.number()).disk() == DiskState.UP_TO_DATE
            && device.replication() == ReplicationState.ESTABLISHED
            && theirs().current() != 0
            && Generations.plain(theirs().current()) != Generations.plain(own().current());
    if (follows) {
      follow(weakNodes | 1L << node);
    }
  }

  private Generations own() {
    return device.volume().local().generations();
  }

  private Generations theirs() {
    return identifiers.peer().orElseThrow();
  }

  /**
   * A Primary writes a new generation, and this node gets it: nothing more is taken from the stream
   * until that is durable. A target only remembers it until its resync ends.
   */
  private void follow(long weakNodes) {
    ReplicationState replication = device.replication();
    if (replication.isTarget() || replication == ReplicationState.BEHIND) {
      return;
    }
    device.peer().holdData();
    device
        .resource()
        .generations()
        .follow(device.volume(), theirs().current(), weakNodes, () -> device.peer().releaseData());
  }

  /** The target has this node's data: it says so by a slot of 0 and the same generation. */
  private boolean endsResync() {
    int self = device.resource().now().settings().nodeId();
    boolean same = Generations.plain(own().current()) == Generations.plain(theirs().current());
    return same
        && theirs().bitmap().get(self) == 0
        && own().bitmap().get(device.peer().nodeId()) != 0
        && !flags.contains(UuidFlag.SYNC_TARGET);
  }

  private void becameStable() {
    device
        .resource()
        .change(
            now ->
                now.changeDevice(
                    device.peer().nodeId(),
                    device.number(),
                    own -> own.withFacts(own.facts().withGotStable(true))),
            ChangeKind.HARD,
            "node %d follows no Primary any more".formatted(device.peer().nodeId()));
  }

  private void compare() {
    if (device.peerStates().decision().decide() instanceof SyncOutcome.Replicate replicate
        && replicate.state().isAbove(ReplicationState.ESTABLISHED)) {
      device.become(replicate.state(), "the peer asks for a resync");
    }
  }
}
