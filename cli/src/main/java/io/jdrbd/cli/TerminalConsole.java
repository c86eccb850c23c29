package io.jdrbd.cli;

import io.jdrbd.metadata.tool.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Shows texts on standard output and asks on standard error. */
final class TerminalConsole implements Console {
  private final Surroundings surroundings;
  private final BufferedReader answers;
  private final boolean force;
  private final boolean quiet;

  /**
   * @param force every question is answered with yes
   * @param quiet nothing is said
   */
  TerminalConsole(Surroundings surroundings, boolean force, boolean quiet) {
    this.surroundings = surroundings;
    this.answers =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8));
    this.force = force;
    this.quiet = quiet;
  }

  @Override
  public void print(String text) {
    if (!quiet) {
      surroundings.out().print(text);
    }
  }

  @Override
  public boolean confirm(String question) {
    if (force) {
      if (!quiet) {
        surroundings.err().printf("%s%n*** confirmation forced via --force option ***%n", question);
      }
      return true;
    }
    surroundings.err().printf("%s%n[need to type 'yes' to confirm] ", question);
    try {
      return "yes".equals(answers.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
