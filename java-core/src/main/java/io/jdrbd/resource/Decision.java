package io.jdrbd.resource;

import java.time.Instant;
import java.util.List;

/**
 * Something that was decided about a resource, and why, for {@code explain}.
 *
 * @param at when, the last time if it was decided alike several times in a row
 * @param times how often in a row
 * @param subject what it is about: {@code r0}, {@code volume 0}, {@code connection bravo}
 * @param question what was to be decided: {@code primary}, {@code direction of the resync}
 * @param answer what was decided: {@code passed}, {@code (-2) Need access to UpToDate data}
 * @param reason why
 * @param facts what was known then, one line each; may be empty
 */
public record Decision(
    Instant at,
    int times,
    String subject,
    String question,
    String answer,
    String reason,
    List<String> facts) {
  public Decision {
    facts = List.copyOf(facts);
  }

  /** The same decision once more. */
  Decision again(Instant now, List<String> freshFacts) {
    return new Decision(now, times + 1, subject, question, answer, reason, freshFacts);
  }

  boolean isLike(Decision other) {
    return subject.equals(other.subject)
        && question.equals(other.question)
        && answer.equals(other.answer)
        && reason.equals(other.reason);
  }
}
