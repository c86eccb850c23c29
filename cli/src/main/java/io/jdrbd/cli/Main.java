package io.jdrbd.cli;

import io.jdrbd.control.JsonException;
import io.jdrbd.daemon.RunDir;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where {@code jdrbd} begins. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    int code = run(Dialect.byLauncher(List.of(args)));
    System.out.flush();
    System.exit(code);
  }

  /** Runs one command on this process's standard streams. */
  static int run(List<String> args) {
    Dialect dialect = Dialect.of(args);
    List<String> words = CommandWords.arrange(dialect.stripped(args));
    if (words.isEmpty()) {
      System.err.print(Overview.text());
      return ExitCode.USAGE;
    }
    String name = words.getFirst();
    Optional<Command> command = CommandTable.find(name);
    if (command.isEmpty()) {
      System.err.printf("'%s' is no command; 'jdrbd --help' lists them%n", name);
      return ExitCode.USAGE;
    }
    List<String> arguments = words.subList(1, words.size());
    return run(name, dialect.choose(name, command.get(), arguments), arguments);
  }

  private static int run(String name, Command command, List<String> arguments) {
    try {
      Syntax syntax = command.spec();
      Arguments parsed = ArgumentLine.parse(syntax, arguments);
      if (parsed.has(Parameters.HELP.name())) {
        Help.print(syntax, System.out);
        return ExitCode.OK;
      }
      RunDir runDir = RunDir.choose(parsed.values("--run-dir").stream().findFirst());
      return command.run(parsed, Surroundings.ofProcess(runDir));
    } catch (UsageException e) {
      System.err.printf("%s: %s%nSee 'jdrbd %s --help'.%n", name, e.getMessage(), name);
    } catch (DaemonMissingException e) {
      System.err.println(e.getMessage());
    } catch (IOException | JsonException e) {
      System.err.printf("%s: the daemon did not answer as it should: %s%n", name, e.getMessage());
    }
    return ExitCode.USAGE;
  }
}
