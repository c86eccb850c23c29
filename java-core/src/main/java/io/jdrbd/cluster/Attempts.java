package io.jdrbd.cluster;

import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.twopc.RetryRules;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the others for a change again where something else was under way, after a pause that is
 * random and grows, so that two nodes do not stop each other for ever (spec 4.14).
 */
final class Attempts {
  /** About half a minute, with the pauses in between. */
  private static final int ATTEMPTS_MAX = 20;

  private final ClusterResource resource;
  private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
  private int failed;

  Attempts(ClusterResource resource) {
    this.resource = resource;
  }

  /**
   * Tries.
   *
   * @param attempt asks once
   */
  CompletionStage<Verdict> untilDecided(Supplier<CompletionStage<Verdict>> attempt) {
    var _ =
        attempt
            .get()
            .thenAccept(
                verdict -> {
                  if (mayPass(verdict) && ++failed < ATTEMPTS_MAX) {
                    resource.loop().schedule(pauseNs(), () -> untilDecided(attempt));
                  } else {
                    answer.complete(verdict);
                  }
                });
    return answer;
  }

  private boolean mayPass(Verdict verdict) {
    boolean transactions = resource.peers().stream().anyMatch(peer -> peer.dialect().isVersion9());
    boolean handshake =
        resource.known().connections().values().stream()
            .anyMatch(connection -> connection.facts().handshake());
    return (transactions || handshake)
        && verdict instanceof Verdict.Refused refused
        && refused.refusal() instanceof StateError error
        && (RetryRules.isRetried(error) || error == StateError.IN_TRANSIENT_STATE);
  }

  private long pauseNs() {
    int connections = Math.max(1, resource.peers().size());
    long most = RetryRules.pauseMsMax(resource.times().retryMs(), connections, failed);
    return TimeUnit.MILLISECONDS.toNanos(resource.random().nextLong(most));
  }
}
