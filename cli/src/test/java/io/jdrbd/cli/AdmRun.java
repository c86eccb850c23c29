package io.jdrbd.cli;

import io.jdrbd.conf.node.LocalHost;
import io.jdrbd.daemon.RunDir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Runs commands about a configuration as some host would, without a daemon.
 *
 * @param directory where no daemon is
 */
record AdmRun(LocalHost host, Path directory) {
  /** What a command came to. */
  record Result(int exit, String out, String err) {}

  /**
   * Runs a command.
   *
   * @param words as drbdadm takes them
   */
  Result run(List<String> words) throws IOException {
    List<String> arranged = CommandWords.arrange(words);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Command command = command(arranged.getFirst());
    int exit =
        command.run(
            ArgumentLine.parse(command.spec(), arranged.subList(1, arranged.size())),
            new Surroundings(
                RunDir.choose(Optional.of(directory.toString())),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                OptionalInt.empty()));
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Command command(String name) {
    ConfigurationFile file = new ConfigurationFile(() -> host);
    if (name.equals("dump")) {
      return new DumpCommand(file);
    }
    return AdmCommands.HELPERS.contains(name)
        ? new HelperCommand(name, file)
        : new AdmCommand(name, file);
  }
}
