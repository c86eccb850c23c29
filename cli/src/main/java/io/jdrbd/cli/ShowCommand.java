package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code show}: the current configuration, in the language of the configuration file. */
final class ShowCommand implements Command {

  @Override
  public CommandSpec spec() {
    return Parameters.command(
            "show", "Show the current configuration of a resource, or of all resources.")
        .addPositional(Parameters.optionalArgument(0, "RESOURCE|all", "Default: all."))
        .addOption(
            Parameters.flag(
                List.of("-D", "--show-defaults"), "Show options that have their default, too."));
  }

  @Override
  public int run(ParseResult arguments, Surroundings surroundings) throws IOException {
    Optional<String> name = Snapshot.nameIn(arguments);
    List<ResourceView> all = Snapshot.take(surroundings);
    if (all.isEmpty()) {
      surroundings.out().print(StatusText.NOTHING);
    }
    ShowText text = new ShowText(AdminCommands.isSet(arguments, "--show-defaults"));
    Snapshot.choose(all, name).forEach(resource -> surroundings.out().print(text.of(resource)));
    return ExitCode.OK;
  }
}
