package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.cli.Syntax.Kind;
import io.jdrbd.cli.Syntax.Option;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How drbdsetup takes a command line apart (spec 7, section 8, and trap 13). */
class ArgumentLineTest {
  private static final Syntax SYNTAX =
      Parameters.command("try", "A command.")
          .addPositional(Parameters.argument("MINOR", "A number."))
          .addPositional(Parameters.optionalArgument("DISK", "A path."))
          .addOption(Parameters.flag("--diskless", "A flag."))
          .addOption(Parameters.flag("--diskful", "A flag."))
          .addOption(Parameters.value("--size", "SIZE", "A value."))
          .addOption(Parameters.values("--filter", "FILTER", "Values."))
          .addOption(new Option(List.of("-v", "--verbose"), Kind.COUNT, "", "Repeatable."))
          .addOption(Parameters.flag(List.of("-s", "--statistics"), "A flag."));

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "20                          | [20]     | {}",
        "20 /dev/a                   | [20, /dev/a] | {}",
        "--diskless 20               | [20]     | {--diskless=[yes]}",
        "20 --diskless=no            | [20]     | {--diskless=[no]}",
        "20 --diskl                  | [20]     | {--diskless=[yes]}",
        "--size 5 20                 | [20]     | {--size=[5]}",
        "20 --si=5                   | [20]     | {--size=[5]}",
        "20 --filter a --filter=b=c  | [20]     | {--filter=[a, b=c]}",
        "-vsv 20                     | [20]     | {--verbose=[yes, yes], --statistics=[yes]}",
        "20 -- --size                | [20, --size] | {}",
        "--help                      | []       | {--help=[yes]}",
      })
  void accepts(String line, String positionals, String options) {
    Arguments arguments = ArgumentLine.parse(SYNTAX, List.of(line.split(" +")));
    assertThat(arguments.positionals()).hasToString(positionals);
    assertThat(arguments.options()).hasToString(options);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "--size=5",
        "20 a b",
        "20 --disk",
        "20 --nonsense",
        "20 -x",
        "20 --size",
        "20 -v=1"
      })
  void refuses(String line) {
    assertThatThrownBy(() -> ArgumentLine.parse(SYNTAX, List.of(line.split(" +"))))
        .isInstanceOf(UsageException.class);
  }
}
