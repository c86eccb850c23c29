package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.ResourceConf;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Commands that read {@code drbd.conf} and do nothing with it but print (spec 7, section 6.3). */
final class ConfigurationCommand implements Command {
  private static final String DEFAULT_FILE = "/etc/drbd.conf";

  private static final Syntax.Option FILE =
      new Syntax.Option(
          List.of("-c", "--config-file"),
          Syntax.Kind.VALUE,
          "FILE",
          "The configuration; default " + DEFAULT_FILE + ".");

  private final Syntax syntax;
  private final BiConsumer<Configuration, Surroundings> use;

  private ConfigurationCommand(
      String name, String description, BiConsumer<Configuration, Surroundings> use) {
    this.syntax = Parameters.command(name, description).addOption(FILE);
    this.use = use;
  }

  /** {@code sh-nop}. */
  static Command check() {
    return new ConfigurationCommand(
        "sh-nop",
        "Read the configuration, and say what is wrong with it.",
        (configuration, surroundings) -> {});
  }

  /** {@code sh-resources}. */
  static Command resources() {
    return new ConfigurationCommand(
        "sh-resources",
        "List the resources of the configuration.",
        (configuration, surroundings) ->
            configuration.resources().stream()
                .map(ResourceConf::name)
                .forEach(surroundings.out()::println));
  }

  @Override
  public Syntax spec() {
    return syntax;
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    String file = arguments.value(FILE.name(), DEFAULT_FILE);
    try {
      use.accept(Configuration.read(Path.of(file)), surroundings);
      return ExitCode.OK;
    } catch (ConfException e) {
      surroundings.err().print(e.getMessage());
    } catch (IOException e) {
      surroundings.err().printf("cannot read the configuration %s: %s%n", file, reason(e));
    }
    return ExitCode.REFUSED;
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
  }
}
