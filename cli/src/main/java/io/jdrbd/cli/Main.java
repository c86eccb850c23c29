package io.jdrbd.cli;

import io.jdrbd.control.JsonException;
import io.jdrbd.daemon.RunDir;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where {@code jdrbd} begins. */
public final class Main {
  /** Of the options that may stand before a command. */
  private static final List<String> TAKING_A_VALUE = List.of("--run-dir", "-c", "--config-file");

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    int code = run(List.of(args));
    System.out.flush();
    System.exit(code);
  }

  /** Runs one command on this process's standard streams. */
  static int run(List<String> args) {
    List<String> words = commandFirst(args);
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
    return run(name, command.get(), words.subList(1, words.size()));
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

  /** Options may stand before the command, too; they are moved behind it. */
  private static List<String> commandFirst(List<String> args) {
    int command = 0;
    while (command < args.size()
        && args.get(command).startsWith("-")
        && CommandTable.find(args.get(command)).isEmpty()) {
      command += TAKING_A_VALUE.contains(args.get(command)) ? 2 : 1;
    }
    if (command >= args.size()) {
      return args;
    }
    List<String> words = new ArrayList<>(args.subList(command, args.size()));
    words.addAll(args.subList(0, command));
    return words;
  }
}
