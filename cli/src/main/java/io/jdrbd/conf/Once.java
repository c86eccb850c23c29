package io.jdrbd.conf;

import java.util.HashMap;
import java.util.Map;

/** Watches that what may be said once is not said twice. */
final class Once {
  private final Problems problems;
  private final Map<String, Position> seen = new HashMap<>();

  Once(Problems problems) {
    this.problems = problems;
  }

  /** A statement that may stand once, known by its first word. */
  void check(Statement statement) {
    check(statement, statement.first().text());
  }

  /**
   * A statement that may stand once.
   *
   * @param what it is
   */
  void check(Statement statement, String what) {
    Position before = seen.putIfAbsent(what, statement.at());
    if (before != null) {
      problems.add(
          Problem.of(
              statement.first(), "'%s' stands here twice; first at %s".formatted(what, before)));
    }
  }
}
