package io.jdrbd.cluster;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.ResyncPause;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** What people ask of the resync or verify between two disks of a volume. On the loop. */
public final class SyncRequests {
  /** From this version on a resync of what is marked can be ordered. */
  private static final int MARKED_VERSION = 120;

  private final PeerVolume device;

  SyncRequests(PeerVolume device) {
    this.device = device;
  }

  /** A resync is to wait, or to wait no longer (spec 6.15). */
  public void setPaused(boolean paused) {
    changePause(pause -> pause.withUser(paused), paused ? "pause-sync" : "resume-sync");
  }

  /** Another volume is to be resynced first, or not any more ({@code resync-after}). */
  public void setWaitsForOther(boolean waits) {
    changePause(pause -> pause.withDependency(waits), "resync-after");
  }

  private void changePause(UnaryOperator<ResyncPause> change, String cause) {
    int peer = device.peer().nodeId();
    ResyncPause now = device.snapshot().pause();
    ResyncPause wanted = change.apply(now);
    if (!wanted.equals(now)) {
      device
          .resource()
          .change(
              state -> state.changeDevice(peer, device.number(), known -> known.withPause(wanted)),
              ChangeKind.HARD,
              cause);
    }
  }

  /**
   * Begins a resync (spec 6.14).
   *
   * @param asTarget this node gets the peer's data; else the peer gets this node's
   * @param full everything; else what is marked
   */
  public CompletionStage<Verdict> resync(boolean asTarget, boolean full) {
    int version = device.peer().dialect().protocolVersion();
    boolean established = device.replication().isAtLeast(ReplicationState.ESTABLISHED);
    if (!full && established && version < MARKED_VERSION) {
      return CompletableFuture.completedStage(
          Verdict.refused(
              ConfigError.APV_TOO_LOW,
              "a resync of what is marked needs protocol version %d, and this is %d"
                  .formatted(MARKED_VERSION, version)));
    }
    return new ReplicationChanges(device).request(first(asTarget, full));
  }

  private static ReplicationState first(boolean asTarget, boolean full) {
    if (full) {
      return asTarget ? ReplicationState.STARTING_SYNC_T : ReplicationState.STARTING_SYNC_S;
    }
    return asTarget ? ReplicationState.WF_BITMAP_T : ReplicationState.WF_BITMAP_S;
  }

  /**
   * Begins to compare the two disks, or tells a verify that runs where to stop (spec 6.18.1).
   *
   * @param startSector empty: where the last one was interrupted, or the start of the volume
   * @param stopSector empty: the end of the volume
   */
  public CompletionStage<Verdict> verify(OptionalLong startSector, OptionalLong stopSector) {
    return device.resync().verify().request(startSector, stopSector);
  }
}
