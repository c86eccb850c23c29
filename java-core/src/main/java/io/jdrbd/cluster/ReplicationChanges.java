package io.jdrbd.cluster;

import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.cluster.StateRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Begins a resync or verify that a person asks for, if the peer agrees (spec 4.8, 6.14, 6.18). */
final class ReplicationChanges {
  private final PeerVolume device;

  ReplicationChanges(PeerVolume device) {
    this.device = device;
  }

  /**
   * Asks.
   *
   * @param wanted StartingSyncS, StartingSyncT, WFBitMapS, WFBitMapT or VerifyS
   */
  CompletionStage<Verdict> request(ReplicationState wanted) {
    return new Attempts(device.resource()).untilDecided(() -> attempt(wanted));
  }

  private CompletionStage<Verdict> attempt(ReplicationState wanted) {
    ResourceSnapshot now = device.resource().known();
    if (device.replication().isBelow(ReplicationState.ESTABLISHED)) {
      return refused(
          StateError.NEED_CONNECTION,
          "with node %d it is %s".formatted(device.peer().nodeId(), device.replication().word()));
    }
    if (device.replication().isAbove(ReplicationState.ESTABLISHED)) {
      return refused(
          StateError.RESYNC_RUNNING,
          "with node %d it is %s".formatted(device.peer().nodeId(), device.replication().word()));
    }
    if (StateChange.apply(now, wish(now, wanted), ChangeKind.SOFT)
        instanceof Outcome.Refused refused) {
      return refused(refused.error(), refused.reason());
    }
    StateRequest request = StateRequest.replication(wanted);
    return device.peer().dialect().isVersion9()
        ? together(request, wanted)
        : device
            .peer()
            .requests()
            .volume(device.number(), request)
            .thenApply(answer -> answer.ok() ? begin(wanted) : answer);
  }

  private CompletionStage<Verdict> together(StateRequest request, ReplicationState wanted) {
    return device
        .resource()
        .transactions()
        .begin(
            OwnTransaction.ofVolume(
                wanted.word(),
                request,
                device.number(),
                device.peer().nodeId(),
                now -> wish(now, wanted)));
  }

  private ResourceSnapshot wish(ResourceSnapshot now, ReplicationState wanted) {
    return now.changeDevice(
        device.peer().nodeId(), device.number(), peer -> peer.withReplication(wanted));
  }

  private Verdict begin(ReplicationState wanted) {
    Outcome outcome =
        device.resource().change(now -> wish(now, wanted), ChangeKind.SOFT, wanted.word());
    return outcome instanceof Outcome.Refused refused
        ? Verdict.refused(refused.error(), refused.reason())
        : Verdict.passed(wanted.word());
  }

  private static CompletionStage<Verdict> refused(StateError error, String reason) {
    return CompletableFuture.completedStage(Verdict.refused(error, reason));
  }
}
