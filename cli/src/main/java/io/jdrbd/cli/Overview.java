package io.jdrbd.cli;

import java.util.stream.Collectors;

/** What {@code jdrbd --help} prints. */
final class Overview {
  private Overview() {}

  static String text() {
    return """
    jdrbd - a DRBD node in userspace

    USAGE: jdrbd COMMAND {ARGUMENTS} [OPTIONS]

    Commands:
    %s
    'jdrbd COMMAND --help' describes one of them.
    Every command but 'daemon' and 'demo' asks the daemon that is found in the run directory:
    --run-dir DIR, else $JDRBD_RUN_DIR, else /run/jdrbd (root) or $XDG_RUNTIME_DIR/jdrbd.
    """
        .formatted(
            CommandTable.names().stream()
                .filter(name -> !name.startsWith("-"))
                .map(Overview::line)
                .collect(Collectors.joining()));
  }

  private static String line(String name) {
    String description = CommandTable.find(name).orElseThrow().spec().description().getFirst();
    return "    %-23s %s%n".formatted(name, description);
  }
}
