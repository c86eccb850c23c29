package io.jdrbd.cli;

/** {@code completion}: a script for the shell. */
final class CompletionCommand implements Command {

  @Override
  public Syntax spec() {
    return Parameters.command(
        "completion",
        "Print a completion script for bash and zsh; use it with: source <(jdrbd completion)");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    surroundings
        .out()
        .print(
            Help.completion(
                CommandTable.names().stream()
                    .filter(name -> !name.startsWith("-"))
                    .map(name -> CommandTable.find(name).orElseThrow().spec())
                    .toList()));
    return ExitCode.OK;
  }
}
