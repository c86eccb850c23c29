package io.jdrbd.conf;

import java.util.Collection;
import java.util.TreeSet;

/** Complains of words that mean nothing where they stand. */
final class Unknown {
  private Unknown() {}

  /**
   * A statement that does not belong there.
   *
   * @param where it stands, for people
   * @param known what may stand there
   */
  static ConfException statement(Statement statement, String where, Collection<String> known) {
    Token first = statement.first();
    String hint = NearestWord.hint(known, first.text());
    return new ConfException(
        Problem.of(
            first,
            hint.isEmpty()
                ? "%s has no %s; it has %s"
                    .formatted(where, first.shown(), String.join(", ", new TreeSet<>(known)))
                : "%s has no %s%s".formatted(where, first.shown(), hint)));
  }
}
