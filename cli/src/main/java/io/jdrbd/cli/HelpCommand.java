package io.jdrbd.cli;

import java.util.Optional;

/** {@code help [COMMAND]}, and {@code --help} in place of a command. */
final class HelpCommand implements Command {
  private final int overviewExitCode;

  HelpCommand() {
    this(ExitCode.USAGE);
  }

  private HelpCommand(int overviewExitCode) {
    this.overviewExitCode = overviewExitCode;
  }

  /** As drbdsetup does, {@code help} without a command fails; {@code --help} does not. */
  static Command asOption() {
    return new HelpCommand(ExitCode.OK);
  }

  @Override
  public Syntax spec() {
    return Parameters.command("help", "Describe a command.")
        .addPositional(Parameters.optionalArgument("COMMAND", "Default: an overview."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    Optional<Command> command =
        Optional.of(arguments.positional(0, "")).flatMap(CommandTable::find);
    if (command.isEmpty()) {
      surroundings.out().print(Overview.text());
      return overviewExitCode;
    }
    Help.print(command.get().spec(), surroundings.out());
    return ExitCode.OK;
  }
}
