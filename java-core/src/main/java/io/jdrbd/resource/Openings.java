package io.jdrbd.resource;

import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.OpenDecision;
import io.jdrbd.state.OpenRules;
import io.jdrbd.state.Role;
import io.jdrbd.state.RoleRules;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Applications that open volumes and close them: the first that wants to write promotes, the last
 * one that wrote demotes (spec 4.16.1, "Explicit and implicit"). Used on the node's loop.
 */
public final class Openings {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What may be otherwise in a moment. */
  private static final Set<StateError> PASSING =
      EnumSet.of(
          StateError.TWO_PRIMARIES,
          StateError.NO_UP_TO_DATE_DISK,
          StateError.CW_FAILED_BY_PEER,
          StateError.IN_TRANSIENT_STATE);

  private final Loop loop;
  private final RoleChanges roles;
  private final Map<Resource, CompletionStage<Verdict>> promotions = new HashMap<>();

  Openings(Loop loop, RoleChanges roles) {
    this.loop = loop;
    this.roles = roles;
  }

  /**
   * Opens a volume. The answer waits for the promotion that it needs, and for what stands in its
   * way to pass: {@code auto-promote-timeout} at most.
   *
   * @return empty if it is open now, to be ended by {@link #close}
   */
  public CompletionStage<Optional<OpenDecision.Refuse>> open(Volume volume, boolean forWriting) {
    Opening opening = new Opening(volume, forWriting);
    opening.attempt();
    return opening.answer;
  }

  /** An application has closed a volume. */
  public void close(Volume volume, boolean forWriting) {
    volume.closed(forWriting);
    roles.closed(volume.resource());
    volume.resource().changed();
  }

  /** One promotion at a time: whoever opens meanwhile waits for the same. */
  private CompletionStage<Verdict> promote(Resource resource) {
    CompletionStage<Verdict> running = promotions.get(resource);
    if (running != null) {
      return running;
    }
    CompletionStage<Verdict> begun = roles.promotedByOpen(resource);
    if (!begun.toCompletableFuture().isDone()) {
      promotions.put(resource, begun);
      var _ = begun.whenComplete((verdict, error) -> promotions.remove(resource));
    }
    return begun;
  }

  /** Somebody who wants to open a volume. */
  private final class Opening {
    private final Volume volume;
    private final Resource resource;
    private final boolean forWriting;
    private final long untilNs;
    private final CompletableFuture<Optional<OpenDecision.Refuse>> answer =
        new CompletableFuture<>();

    Opening(Volume volume, boolean forWriting) {
      this.volume = volume;
      this.resource = volume.resource();
      this.forWriting = forWriting;
      this.untilNs =
          loop.nanoTime()
              + TimeUnit.MILLISECONDS.toNanos(100L * resource.options().autoPromoteTimeoutDs());
    }

    void attempt() {
      if (!resource.volumes().contains(volume)) {
        answer.complete(Optional.of(new OpenDecision.Refuse(Errno.ENXIO, "it was deleted")));
        return;
      }
      switch (OpenRules.open(
          resource.facts(), volume.facts(), forWriting, resource.options().autoPromote())) {
        case OpenDecision.Refuse refuse -> answer.complete(Optional.of(refuse));
        case OpenDecision.PromoteFirst first -> promoteFirst();
        case OpenDecision.Open open -> {
          volume.opened(forWriting);
          resource.changed();
          answer.complete(Optional.empty());
        }
      }
    }

    private void promoteFirst() {
      Verdict local = RoleRules.promote(resource.facts(), false);
      if (local.ok()) {
        var _ = promote(resource).thenAccept(this::promoted);
      } else {
        resource.decisions().note(volume.name(), "promotion by the first writer", local);
        notPromoted(local);
      }
    }

    private void promoted(Verdict verdict) {
      if (resource.role() == Role.PRIMARY) {
        attempt();
      } else {
        notPromoted(verdict);
      }
    }

    private void notPromoted(Verdict verdict) {
      if (mayPass(verdict) && loop.nanoTime() - untilNs < 0) {
        var _ = loop.schedule(PAUSE_NS, this::attempt);
      } else {
        answer.complete(Optional.of(new OpenDecision.Refuse(Errno.EROFS, verdict.toString())));
      }
    }

    /** A promotion that passed and is over already, too: another writer's close has demoted. */
    private boolean mayPass(Verdict verdict) {
      if (!(verdict instanceof Verdict.Refused refused)) {
        return true;
      }
      return refused.refusal() instanceof StateError error
          && PASSING.contains(error)
          && (error != StateError.NO_UP_TO_DATE_DISK || isConnecting());
    }

    /** A peer may come with data, or tell that the own data are good. */
    private boolean isConnecting() {
      return resource.connections().stream()
          .map(Connection::state)
          .anyMatch(state -> state != ConnectionState.STANDALONE);
    }
  }
}
