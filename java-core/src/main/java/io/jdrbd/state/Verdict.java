package io.jdrbd.state;

/** What a rule or a command came to, and why. */
public sealed interface Verdict {

  /** For logs and for people: why it passed, or what stands against it. */
  String reason();

  /** It may be done, or has been done. */
  record Passed(String reason) implements Verdict {}

  /** It may not be done, and nothing has changed. */
  record Refused(Refusal refusal, String reason) implements Verdict {
    @Override
    public String toString() {
      String headline = refusal.text().lines().findFirst().orElse("");
      return "(%d) %s: %s".formatted(refusal.code(), headline, reason);
    }
  }

  /** A verdict that permits. */
  static Verdict passed(String reason) {
    return new Passed(reason);
  }

  /** A verdict that forbids. */
  static Verdict refused(Refusal refusal, String reason) {
    return new Refused(refusal, reason);
  }

  /** Whether it may be done. */
  default boolean ok() {
    return this instanceof Passed;
  }
}
