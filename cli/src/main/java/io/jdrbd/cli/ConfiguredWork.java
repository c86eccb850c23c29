package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.plan.PlanException;
import java.io.IOException;

/** What a command does with a configuration, which may have no place for it. */
@FunctionalInterface
interface ConfiguredWork {
  /**
   * Does it.
   *
   * @return the exit code
   */
  int run() throws PlanException, ConfException, IOException;

  /** Does it, or says why it cannot be done. */
  static int tried(Surroundings surroundings, ConfiguredWork work) throws IOException {
    try {
      return work.run();
    } catch (PlanException e) {
      surroundings.err().println(e.getMessage());
      return e.exitCode();
    } catch (ConfException e) {
      surroundings.err().print(e.getMessage());
      return ExitCode.REFUSED;
    }
  }
}
