package io.jdrbd.cli;

import java.util.Optional;

/** {@code --version}. */
final class VersionCommand implements Command {

  @Override
  public Syntax spec() {
    return Parameters.command("--version", "Show the version and exit.");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    surroundings.out().println("jdrbd " + version());
    surroundings.out().println("Java " + Runtime.version());
    return ExitCode.OK;
  }

  /** As the build wrote it into the jar. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
