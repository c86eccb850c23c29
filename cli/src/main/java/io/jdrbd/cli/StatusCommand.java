package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code status}: the state of a resource, or of all. */
final class StatusCommand implements Command {

  @Override
  public CommandSpec spec() {
    return Parameters.command("status", "Show the state of a resource, or of all resources.")
        .addPositional(Parameters.optionalArgument(0, "RESOURCE|all", "Default: all."))
        .addOption(
            OptionSpec.builder("-v", "--verbose")
                .type(boolean[].class)
                .arity("0")
                .description("Show everything; may be repeated.")
                .build())
        .addOption(Parameters.flag(List.of("-s", "--statistics"), "Show counters, sizes in KiB."))
        .addOption(
            OptionSpec.builder("-c", "--color")
                .arity("0..1")
                .paramLabel("auto|always|never")
                .type(String.class)
                .description("Paint states; default: on a terminal.")
                .build())
        .addOption(Parameters.flag(List.of("-j", "--json"), "Show everything as JSON."));
  }

  @Override
  public int run(ParseResult arguments, Surroundings surroundings) throws IOException {
    Optional<String> name = Snapshot.nameIn(arguments);
    List<ResourceView> all = Snapshot.take(surroundings);
    List<ResourceView> chosen = Snapshot.choose(all, name);
    boolean unknown = name.isPresent() && chosen.isEmpty();
    if (unknown) {
      surroundings.err().printf("%s: No such resource%n", name.get());
    }
    if (AdminCommands.isSet(arguments, "--json")) {
      surroundings.out().print(StatusJson.of(chosen));
    } else {
      if (all.isEmpty()) {
        surroundings.out().print(StatusText.NOTHING);
      }
      StatusText text = text(arguments, surroundings);
      chosen.forEach(resource -> surroundings.out().print(text.of(resource)));
    }
    return unknown ? ExitCode.REFUSED : ExitCode.OK;
  }

  private static StatusText text(ParseResult arguments, Surroundings surroundings) {
    boolean terminal = surroundings.terminalColumns().isPresent();
    boolean[] verbose = arguments.matchedOptionValue("--verbose", new boolean[0]);
    boolean colour =
        switch (arguments.matchedOptionValue("--color", "auto")) {
          case "always", "yes" -> true;
          case "never" -> false;
          case "auto" -> terminal;
          default -> throw new UsageException("--color takes auto, always or never");
        };
    return new StatusText(
        surroundings.terminalColumns().orElse(StatusText.DEFAULT_WIDTH),
        verbose.length,
        AdminCommands.isSet(arguments, "--statistics"),
        terminal,
        colour);
  }
}
