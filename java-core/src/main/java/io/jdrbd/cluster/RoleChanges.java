package io.jdrbd.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.twopc.Nodes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes this node Primary or Secondary (spec 4.16). */
final class RoleChanges {
  private static final long DS_MS = 100;

  private final ClusterResource resource;

  RoleChanges(ClusterResource resource) {
    this.resource = resource;
  }

  /**
   * With the consent of the peers that are connected.
   *
   * @param force although data is not current, or volumes are in use
   */
  CompletionStage<Verdict> request(Role role, boolean force) {
    return decided(role, force)
        .thenCompose(
            verdict ->
                isSecondPrimary(verdict)
                    ? afterPingTimeout(() -> decided(role, force))
                    : CompletableFuture.completedStage(verdict));
  }

  private CompletionStage<Verdict> decided(Role role, boolean force) {
    return new Attempts(resource).untilDecided(() -> attempt(role, force));
  }

  private static boolean isSecondPrimary(Verdict verdict) {
    return verdict instanceof Verdict.Refused refused
        && refused.refusal() == StateError.TWO_PRIMARIES;
  }

  /** The news that the peer is Secondary, or dead, may be on its way (spec 4.16.1). */
  private CompletionStage<Verdict> afterPingTimeout(Supplier<CompletionStage<Verdict>> again) {
    int longestDs =
        resource.peers().stream()
            .mapToInt(peer -> peer.settings().session().pingTimeoutDs())
            .max()
            .orElse(0);
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    resource
        .loop()
        .schedule(
            TimeUnit.MILLISECONDS.toNanos(longestDs * DS_MS),
            () -> again.get().thenAccept(answer::complete));
    return answer;
  }

  private CompletionStage<Verdict> attempt(Role role, boolean force) {
    ResourceSnapshot before = resource.known();
    Outcome alone = StateChange.apply(before, wish(before, role, force), kind(role, force));
    Optional<ClusterPeer> asked =
        resource.peers().stream()
            .filter(peer -> before.connection(peer.nodeId()).isConnected())
            .findFirst();
    if (!(alone instanceof Outcome.Changed) || asked.isEmpty() || isForced(role, force)) {
      return CompletableFuture.completedStage(verdict(change(role, force)));
    }
    if (asked.get().dialect().isVersion9()) {
      return together(before, role, force);
    }
    return asked
        .get()
        .requests()
        .role(role, force)
        .thenApply(answer -> answer.ok() ? verdict(change(role, force)) : answer);
  }

  /** All nodes have to agree. */
  private CompletionStage<Verdict> together(ResourceSnapshot before, Role role, boolean force) {
    resource.order().flushPeerAcks();
    boolean raises = raises(before, role, force);
    StateRequest request =
        raises ? StateRequest.forcedPromotion(DiskNumbering.VERSION_9) : StateRequest.role(role);
    return resource
        .transactions()
        .begin(OwnTransaction.of(cause(role), request, Nodes.NONE, now -> wish(now, role, force)));
  }

  private static boolean raises(ResourceSnapshot state, Role role, boolean force) {
    return state.volumes().keySet().stream()
        .anyMatch(volume -> raises(state.volume(volume).disk(), role, force));
  }

  private static boolean raises(DiskState disk, Role role, boolean force) {
    return force
        && role == Role.PRIMARY
        && disk.isAbove(DiskState.NEGOTIATING)
        && disk != DiskState.UP_TO_DATE;
  }

  /** By this node alone; a peer was asked where that is needed. */
  Outcome change(Role role, boolean force) {
    return resource.change(now -> wish(now, role, force), kind(role, force), cause(role));
  }

  private static String cause(Role role) {
    return role == Role.PRIMARY ? "promotion" : "demotion";
  }

  private static ResourceSnapshot wish(ResourceSnapshot state, Role role, boolean force) {
    ResourceSnapshot changed = state.withRole(role);
    for (int volume : state.volumes().keySet()) {
      if (raises(state.volume(volume).disk(), role, force)) {
        changed = changed.changeVolume(volume, own -> own.withDisk(DiskState.UP_TO_DATE));
      }
    }
    return changed;
  }

  /** A forced demotion has to work whatever the peers think. */
  private static boolean isForced(Role role, boolean force) {
    return role == Role.SECONDARY && force;
  }

  private static ChangeKind kind(Role role, boolean force) {
    return isForced(role, force) ? ChangeKind.FORCED_DEMOTION : ChangeKind.SOFT;
  }

  private static Verdict verdict(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Changed changed -> Verdict.passed("role " + changed.after().role().word());
      case Outcome.Unchanged unchanged -> Verdict.passed("role " + unchanged.state().role().word());
      case Outcome.Refused refused -> Verdict.refused(refused.error(), refused.reason());
    };
  }
}
