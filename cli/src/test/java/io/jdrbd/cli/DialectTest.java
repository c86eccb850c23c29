package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.plan.Verbs;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of two commands of one name is meant. */
class DialectTest {
  @ParameterizedTest
  @CsvSource({
    "attach 10 /dev/x /dev/x internal, false",
    "attach /dev/drbd10 /dev/x --no-metadata, false",
    "attach r0, true",
    "attach r0/1 r2, true",
    "attach minor-10, true",
    "detach 10 --force, false",
    "detach --force r0, true",
    "connect r0 1, false",
    "connect r0 1 --dry-run, false",
    "connect r0, true",
    "connect r0:n2, true",
    "connect --discard-my-data r0 r1, true",
    "new-resource r0 0 --quorum=off, false",
    "new-resource r0, true",
    "new-minor r0 1 0, false",
    "new-minor r0, true",
    "primary r0 --force, false",
    "primary r0 r1, true",
    "primary all, true",
    "primary -d r0, true",
    "primary -c /tmp/drbd.conf r0, true",
    "down all, false",
    "down r0 r1, true",
    "status, false",
    "status r0 -v --statistics, false",
    "cstate r0 1, false",
    "cstate r0, true",
    "adm status r0, true",
    "adm attach 10, true",
    "setup attach r0, false",
    "up r0, true"
  })
  void byItsArguments(String line, boolean configured) {
    List<String> args = Arrays.asList(line.split(" ", -1));
    Dialect dialect = Dialect.of(args);
    List<String> words = CommandWords.arrange(dialect.stripped(args));
    Command low = CommandTable.find(words.getFirst()).orElseThrow();

    Command chosen = dialect.choose(words.getFirst(), low, words.subList(1, words.size()));

    assertThat(chosen instanceof AdmCommand).isEqualTo(configured);
  }

  @ParameterizedTest
  @CsvSource({
    "-d up r0, up -d r0",
    "--run-dir x status r0, status --run-dir x r0",
    "-c status up r0, up -c status r0",
    "-d -- --assume-clean resize r0, resize -d --setup-option=--assume-clean r0",
    "--max-peers 7 -- --force create-md r0, create-md --max-peers 7 --setup-option=--force r0",
    "no-such status, no-such status"
  })
  void theCommandIsFound(String line, String arranged) {
    assertThat(String.join(" ", CommandWords.arrange(List.of(line.split(" ", -1)))))
        .isEqualTo(arranged);
  }

  @Test
  void namesOfAllVerbsAreKnown() {
    Set<String> names = new HashSet<>(Verbs.names());
    names.addAll(Set.of("up", "adjust", "adjust-with-progress"));

    assertThat(AdmCommands.names()).containsExactlyInAnyOrderElementsOf(names);
  }
}
