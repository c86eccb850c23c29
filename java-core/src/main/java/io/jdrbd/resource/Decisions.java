package io.jdrbd.resource;

import io.jdrbd.state.Verdict;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The last decisions about a resource, with their reasons: what {@code explain} tells. Whoever
 * carries out a verdict of a rule notes it here. Used on the node's loop.
 */
public final class Decisions {
  /** Older ones are forgotten. */
  static final int MAX = 64;

  private final InstantSource clock;
  private final ArrayDeque<Decision> last = new ArrayDeque<>();

  Decisions(InstantSource clock) {
    this.clock = clock;
  }

  /** All that are remembered, the oldest first. */
  public List<Decision> all() {
    return List.copyOf(last);
  }

  /**
   * Notes what came of a command or a rule.
   *
   * @param subject what it is about
   * @param question what was to be decided
   */
  public void note(String subject, String question, Verdict verdict) {
    note(subject, question, answer(verdict), verdict.reason(), List.of());
  }

  /**
   * Notes a decision whose answer is more than yes or no.
   *
   * @param answer what was decided
   * @param reason why
   * @param facts what was known, one line each
   */
  public void note(
      String subject, String question, String answer, String reason, List<String> facts) {
    Decision decision = new Decision(clock.instant(), 1, subject, question, answer, reason, facts);
    if (!last.isEmpty() && last.getLast().isLike(decision)) {
      last.addLast(last.removeLast().again(decision.at(), facts));
      return;
    }
    last.addLast(decision);
    if (last.size() > MAX) {
      last.removeFirst();
    }
  }

  private static String answer(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed passed -> "passed";
      case Verdict.Refused refused ->
          "(%d) %s"
              .formatted(
                  refused.refusal().code(),
                  refused.refusal().text().lines().findFirst().orElse("refused"));
    };
  }
}
