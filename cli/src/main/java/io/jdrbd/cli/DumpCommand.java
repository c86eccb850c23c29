package io.jdrbd.cli;

import io.jdrbd.conf.dump.ConfigurationDump;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeResource;
import java.util.List;
import java.util.Optional;

/** {@code dump}: prints the configuration in one form (spec 7, section 6.3). */
final class DumpCommand implements Command {
  private final ConfigurationFile file;

  DumpCommand(ConfigurationFile file) {
    this.file = file;
  }

  @Override
  public Syntax spec() {
    return Parameters.command("dump", "Print the configuration in one form.")
        .addPositional(
            Parameters.optionalArgument("RESOURCE|all...", "Which ones; default: everything."))
        .addOption(ConfigurationFile.OPTION)
        .addOption(
            new Syntax.Option(
                List.of("-v", "--verbose"),
                Syntax.Kind.COUNT,
                "",
                "Show also what is inherited and implied."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    Optional<NodeConfiguration> configuration = file.read(arguments, surroundings);
    if (configuration.isEmpty()) {
      return ExitCode.REFUSED;
    }
    boolean expanded = arguments.has("--verbose");
    if (Snapshot.nameIn(arguments).isEmpty()) {
      surroundings
          .out()
          .print(
              ConfigurationDump.all(
                  ConfigurationFile.name(arguments), configuration.get(), expanded));
      return ExitCode.OK;
    }
    for (String name : arguments.positionals()) {
      Optional<NodeResource> resource = configuration.get().own(name);
      if (resource.isEmpty()) {
        surroundings.err().printf("'%s' not defined in your config (for this host).%n", name);
        return 1;
      }
      surroundings
          .out()
          .print(ConfigurationDump.resource(configuration.get(), resource.get(), expanded));
    }
    return ExitCode.OK;
  }
}
