package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.daemon.RunDir;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.OptionalInt;

/**
 * What a command has around it.
 *
 * @param runDir where the daemon is
 * @param terminalColumns the width of the terminal that standard output is; empty if it is none
 */
record Surroundings(
    RunDir runDir, InputStream in, PrintStream out, PrintStream err, OptionalInt terminalColumns) {

  /** Set by the launcher when standard output is a terminal. */
  private static final String COLUMNS_PROPERTY = "jdrbd.columns";

  static Surroundings ofProcess(RunDir runDir) {
    Integer columns = Integer.getInteger(COLUMNS_PROPERTY);
    return new Surroundings(
        runDir,
        System.in,
        System.out,
        System.err,
        columns == null ? OptionalInt.empty() : OptionalInt.of(columns));
  }

  /**
   * Connects to the daemon.
   *
   * @throws DaemonMissingException if there is none
   */
  ControlClient connect() throws DaemonMissingException {
    try {
      return ControlClient.connect(runDir.controlSocket());
    } catch (IOException e) {
      throw new DaemonMissingException(runDir, e);
    }
  }
}
