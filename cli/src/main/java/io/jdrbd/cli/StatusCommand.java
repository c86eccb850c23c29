package io.jdrbd.cli;

import io.jdrbd.cli.Syntax.Kind;
import io.jdrbd.cli.Syntax.Option;
import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code status}: the state of a resource, or of all. */
final class StatusCommand implements Command {

  @Override
  public Syntax spec() {
    return Parameters.command("status", "Show the state of a resource, or of all resources.")
        .addPositional(Parameters.optionalArgument("RESOURCE|all", "Default: all."))
        .addOption(
            new Option(
                List.of("-v", "--verbose"), Kind.COUNT, "", "Show everything; may be repeated."))
        .addOption(Parameters.flag(List.of("-s", "--statistics"), "Show counters, sizes in KiB."))
        .addOption(
            new Option(
                List.of("-c", "--color"),
                Kind.FLAG,
                "auto|always|never",
                "Paint states; default: on a terminal."))
        .addOption(Parameters.flag(List.of("-j", "--json"), "Show everything as JSON."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Optional<String> name = Snapshot.nameIn(arguments);
    List<ResourceView> all = Snapshot.take(surroundings);
    List<ResourceView> chosen = Snapshot.choose(all, name);
    boolean unknown = name.isPresent() && chosen.isEmpty();
    if (unknown) {
      surroundings.err().printf("%s: No such resource%n", name.get());
    }
    if (arguments.isSet("--json")) {
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

  private static StatusText text(Arguments arguments, Surroundings surroundings) {
    boolean terminal = surroundings.terminalColumns().isPresent();
    boolean colour =
        switch (arguments.value("--color", "auto")) {
          case "always", "yes" -> true;
          case "never" -> false;
          case "auto" -> terminal;
          default -> throw new UsageException("--color takes auto, always or never");
        };
    return new StatusText(
        surroundings.terminalColumns().orElse(StatusText.DEFAULT_WIDTH),
        arguments.values("--verbose").size(),
        arguments.isSet("--statistics"),
        terminal,
        colour);
  }
}
