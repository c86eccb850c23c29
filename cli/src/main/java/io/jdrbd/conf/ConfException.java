package io.jdrbd.conf;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used. The message describes every problem that was found. */
public final class ConfException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * @param problems in the order in which they were found; at least one
   */
  public ConfException(List<Problem> problems) {
    super(problems.stream().map(Problem::describe).collect(Collectors.joining()));
    this.problems = List.copyOf(problems);
  }

  ConfException(Problem problem) {
    this(List.of(problem));
  }

  /** What is wrong. */
  public List<Problem> problems() {
    return problems;
  }
}
