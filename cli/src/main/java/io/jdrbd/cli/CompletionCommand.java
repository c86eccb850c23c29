package io.jdrbd.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code completion}: a script for the shell. */
final class CompletionCommand implements Command {

  @Override
  public CommandSpec spec() {
    return Parameters.command(
        "completion",
        "Print a completion script for bash and zsh; use it with: source <(jdrbd completion)");
  }

  @Override
  public int run(ParseResult arguments, Surroundings surroundings) {
    CommandSpec all = CommandSpec.create().name("jdrbd");
    for (String name : CommandTable.names()) {
      if (!name.startsWith("-")) {
        all.addSubcommand(name, CommandTable.find(name).orElseThrow().spec());
      }
    }
    surroundings.out().print(AutoComplete.bash("jdrbd", new CommandLine(all)));
    return ExitCode.OK;
  }
}
