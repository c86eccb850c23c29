package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.OldPeerGenerations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import java.util.List;

/**
 * How a resync ends: the target has written all, and both write the generation that they have in
 * common now (spec 3.5.5, 6.12). On the loop.
 */
final class ResyncEnd {
  private final PeerVolume device;

  ResyncEnd(PeerVolume device) {
    this.device = device;
  }

  // -- as target

  /** All is written and acknowledged; the source must have seen that before it hears the end. */
  void targetFinished(long failedBlocks) {
    device.peer().session().ifPresent(session -> session.ping(() -> endAsTarget(failedBlocks)));
  }

  private void endAsTarget(long failedBlocks) {
    if (!device.replication().isTarget() || device.volume().backing().isEmpty()) {
      return;
    }
    if (failedBlocks > 0) {
      device.become(ReplicationState.ESTABLISHED, failedBlocks + " blocks could not be resynced");
      return;
    }
    device.volume().local().setGenerations(generationsAsTarget(), error -> targetIsDurable());
  }

  private Generations generationsAsTarget() {
    ClusterResource resource = device.resource();
    Generations own = device.volume().local().generations();
    Generations theirs = device.identifiers().peer().orElse(own);
    boolean primary = resource.now().role() == Role.PRIMARY;
    if (isBelow110()) {
      return OldPeerGenerations.finishedAsTarget(own, theirs, primary);
    }
    List<Integer> slots = resource.generations().cluster(device.volume()).slots();
    return own.resyncFinished(
            theirs, 1L << device.peer().nodeId(), slots, device.resyncStart().startUuid())
        .marked(primary);
  }

  private void targetIsDurable() {
    if (!device.replication().isTarget()) {
      sourceIsLostMeanwhile();
      return;
    }
    DiskState good = device.snapshot().disk();
    int number = device.number();
    if (isBelow110()) {
      device.identifiers().isInSync(device.volume().local().generations());
    }
    device
        .resource()
        .change(
            state ->
                state
                    .changeDevice(
                        device.peer().nodeId(),
                        number,
                        known -> known.withReplication(ReplicationState.ESTABLISHED))
                    .changeVolume(number, own -> own.withDisk(good)),
            ChangeKind.HARD,
            cause());
    device.volume().local().forgetCrash();
  }

  /** Nothing is missing, but the source may have changed since. */
  private void sourceIsLostMeanwhile() {
    ClusterResource resource = device.resource();
    int number = device.number();
    if (resource.now().volume(number).disk() == DiskState.INCONSISTENT) {
      resource.diskBecame(number, DiskState.CONSISTENT, "resync done, but its source is lost");
    }
  }

  // -- as source

  /** The target says that it has everything (spec 6.12). */
  void sourceFinished(DiskState peerDisk) {
    device
        .peer()
        .session()
        .ifPresent(
            session ->
                session.ping(
                    () -> {
                      if (device.replication().isSource()) {
                        endAsSource(peerDisk);
                      }
                    }));
  }

  private void endAsSource(DiskState peerDisk) {
    boolean old = isBelow110();
    boolean complete = hasAll(peerDisk, old);
    Generations own = device.volume().local().generations();
    Generations ended = complete && old ? own.inSyncWith(device.peer().nodeId()) : own;
    device
        .volume()
        .local()
        .setGenerations(
            ended,
            error -> {
              if (old) {
                device.identifiers().isInSync(ended);
              }
              sourceIsDurable(inTruth(peerDisk, complete));
              if (complete) {
                device.volume().local().forgetCrash();
              }
            });
  }

  /**
   * A target whose disk has failed ends the resync as well. One of 8.4 tells no identifiers that
   * say whether it has all, but no mark is left then (spec 6.12).
   */
  private boolean hasAll(DiskState peerDisk, boolean old) {
    return peerDisk.isAbove(DiskState.INCONSISTENT)
        && device.resync().source().map(running -> running.failedBlocks() == 0).orElse(true)
        && (!old || device.dirtyBlocks() == 0);
  }

  private static DiskState inTruth(DiskState told, boolean complete) {
    return !complete && told.isAbove(DiskState.INCONSISTENT) ? DiskState.INCONSISTENT : told;
  }

  private void sourceIsDurable(DiskState peerDisk) {
    device
        .resource()
        .change(
            state ->
                state.changeDevice(
                    device.peer().nodeId(),
                    device.number(),
                    known ->
                        known.withReplication(ReplicationState.ESTABLISHED).withDisk(peerDisk)),
            ChangeKind.HARD,
            cause());
  }

  private boolean isBelow110() {
    return !device.peer().dialect().isVersion9();
  }

  private String cause() {
    return "resync of volume %d done".formatted(device.number());
  }
}
