package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.conf.node.LocalHost;
import io.jdrbd.daemon.RunDir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelperCommandTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void resourcesAreListedOneToALine() throws IOException {
    Path file =
        write("resource r0 { on a { } } resource \"r 1\" { on a { } } resource r2 { on b { } }");

    assertThat(run(helper("sh-resources"), file)).isZero();
    assertThat(text(out)).isEqualTo("r0\nr 1\n");
  }

  @Test
  void aWrongConfigurationIsShownAndRefused() throws IOException {
    Path file = write("resource r0 { net { protcol C; } }");

    assertThat(run(helper("sh-nop"), file)).isEqualTo(ExitCode.REFUSED);
    assertThat(text(err)).contains(file + ":1:21: error: ").contains("did you mean 'protocol'?");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Path file = directory.resolve("nowhere.conf");

    assertThat(run(helper("sh-nop"), file)).isEqualTo(ExitCode.REFUSED);
    assertThat(text(err))
        .isEqualTo("cannot read the configuration " + file + ": there is no such file\n");
  }

  @Test
  void namesOfAllHelpersAreKnown() {
    assertThat(HelperCommand.names()).containsExactlyInAnyOrderElementsOf(AdmCommands.HELPERS);
  }

  private static Command helper(String name) {
    return new HelperCommand(
        name, new ConfigurationFile(() -> new LocalHost("a", address -> false)));
  }

  private Path write(String configuration) throws IOException {
    return Files.writeString(directory.resolve("drbd.conf"), configuration);
  }

  private int run(Command command, Path file) throws IOException {
    Arguments arguments = ArgumentLine.parse(command.spec(), List.of("-c", file.toString()));
    return command.run(
        arguments,
        new Surroundings(
            RunDir.choose(Optional.of(directory.toString())),
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            OptionalInt.empty()));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
