package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code show}: the current configuration, in the language of the configuration file. */
final class ShowCommand implements Command {

  @Override
  public Syntax spec() {
    return Parameters.command(
            "show", "Show the current configuration of a resource, or of all resources.")
        .addPositional(Parameters.optionalArgument("RESOURCE|all", "Default: all."))
        .addOption(
            Parameters.flag(
                List.of("-D", "--show-defaults"), "Show options that have their default, too."))
        .addOption(Parameters.flag(List.of("-j", "--json"), "Show everything as JSON."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Optional<String> name = Snapshot.nameIn(arguments);
    List<ResourceView> all = Snapshot.take(surroundings);
    if (arguments.isSet("--json")) {
      surroundings.out().print(ShowJson.of(Snapshot.choose(all, name)));
      return ExitCode.OK;
    }
    if (all.isEmpty()) {
      surroundings.out().print(StatusText.NOTHING);
    }
    ShowText text = new ShowText(arguments.isSet("--show-defaults"));
    Snapshot.choose(all, name).forEach(resource -> surroundings.out().print(text.of(resource)));
    return ExitCode.OK;
  }
}
