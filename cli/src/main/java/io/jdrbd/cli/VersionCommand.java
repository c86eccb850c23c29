package io.jdrbd.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code --version}. */
final class VersionCommand implements Command {

  @Override
  public CommandSpec spec() {
    return Parameters.command("--version", "Show the version and exit.");
  }

  @Override
  public int run(ParseResult arguments, Surroundings surroundings) {
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
