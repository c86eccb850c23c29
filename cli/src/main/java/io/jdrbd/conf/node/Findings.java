package io.jdrbd.conf.node;

import io.jdrbd.conf.Position;
import io.jdrbd.conf.Problem;
import io.jdrbd.conf.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what does not fit together, each thing once. Not thread-safe. */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Set<String> said = new HashSet<>();

  void problem(Position at, int length, String message) {
    if (said.add(at + message)) {
      problems.add(new Problem(at, length, message));
    }
  }

  void warning(Position at, int length, String message) {
    if (said.add(at + message)) {
      warnings.add(new Problem(at, length, message));
    }
  }

  /** Two inherited values of one option differ. */
  void clash(String resource, Setting there, Setting other) {
    problem(
        other.at(),
        other.name().length(),
        "in resource '%s', '%s' is inherited as '%s' from here and as '%s' from %s; only one may be"
                .formatted(resource, other.name(), other.value(), there.value(), there.at())
            + " inherited, or the volume or connection must set it itself");
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
