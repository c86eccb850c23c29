package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.DefaultFiles;
import io.jdrbd.conf.node.LocalHost;
import io.jdrbd.conf.node.LocalHosts;
import io.jdrbd.conf.node.NodeConfiguration;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds and reads the configuration that a command is about (spec 7, section 3.1). */
record ConfigurationFile(Supplier<LocalHost> host) {
  static final Syntax.Option OPTION =
      new Syntax.Option(
          List.of("-c", "--config-file"),
          Syntax.Kind.VALUE,
          "FILE",
          "The configuration; default: the first that is there of "
              + DefaultFiles.all().stream().map(Path::toString).collect(Collectors.joining(", "))
              + ".");

  static ConfigurationFile ofProcess() {
    return new ConfigurationFile(LocalHosts::ofProcess);
  }

  /** The file's name, as it is shown. */
  static String name(Arguments arguments) {
    return arguments.value(OPTION.name(), DefaultFiles.find().toString());
  }

  /** Reads it; says what is wrong with it and is empty if it cannot be understood. */
  Optional<NodeConfiguration> read(Arguments arguments, Surroundings surroundings) {
    String file = name(arguments);
    try {
      return Optional.of(NodeConfiguration.of(Configuration.read(Path.of(file)), host.get()));
    } catch (ConfException e) {
      surroundings.err().print(e.getMessage());
    } catch (IOException e) {
      surroundings.err().printf("cannot read the configuration %s: %s%n", file, reason(e));
    }
    return Optional.empty();
  }

  /** As {@link #read}, and empty also if things in it do not fit together. */
  Optional<NodeConfiguration> readChecked(Arguments arguments, Surroundings surroundings) {
    Optional<NodeConfiguration> configuration = read(arguments, surroundings);
    configuration.ifPresent(
        known ->
            known
                .warnings()
                .forEach(warning -> surroundings.err().print(warning.describe("warning"))));
    try {
      if (configuration.isPresent()) {
        configuration.get().checked();
      }
      return configuration;
    } catch (ConfException e) {
      surroundings.err().print(e.getMessage());
      return Optional.empty();
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
  }
}
