package io.jdrbd.cli;

import io.jdrbd.daemon.RunDir;
import java.io.IOException;

/** The daemon cannot be reached; the message says what to do. */
final class DaemonMissingException extends IOException {
  private static final long serialVersionUID = 1L;

  DaemonMissingException(RunDir runDir, IOException cause) {
    super(
        """
        The jdrbd daemon cannot be reached: %s: %s
        Start it with 'jdrbd daemon', or name the run directory of a running one with --run-dir or \
        JDRBD_RUN_DIR.\
        """
            .formatted(runDir.controlSocket(), cause.getMessage()),
        cause);
  }
}
