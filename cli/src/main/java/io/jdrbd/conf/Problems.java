package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that people hear of all of it at once. Not thread-safe. */
final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /** Reads a statement. */
  @FunctionalInterface
  interface Reading {
    void run() throws ConfException;
  }

  void add(Problem problem) {
    found.add(problem);
  }

  /** Does something for one statement; the next one can be read even if this one is wrong. */
  void during(Reading reading) {
    try {
      reading.run();
    } catch (ConfException e) {
      found.addAll(e.problems());
    }
  }

  void throwIfAny() throws ConfException {
    if (!found.isEmpty()) {
      throw new ConfException(found);
    }
  }
}
