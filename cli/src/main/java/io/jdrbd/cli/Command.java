package io.jdrbd.cli;

import java.io.IOException;

/** One command of {@code jdrbd}. */
interface Command {

  /** Its name, what it does and what it takes. */
  Syntax spec();

  /**
   * Does it.
   *
   * @return the exit code
   * @throws IOException if the daemon cannot be reached
   * @throws UsageException if arguments do not fit together
   */
  int run(Arguments arguments, Surroundings surroundings) throws IOException;
}
