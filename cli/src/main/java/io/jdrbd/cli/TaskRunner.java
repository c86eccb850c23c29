package io.jdrbd.cli;

import io.jdrbd.plan.Step;
import io.jdrbd.plan.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does tasks, or prints what would be done. Low-level calls are run by the commands of that name,
 * in this process (spec 7, sections 6.2 and 6.4).
 */
final class TaskRunner {
  private static final int TOLD_FROM = 10;
  private static final String META = "drbdmeta";

  /** After one of these has failed, nothing else of its stage is tried for that resource. */
  private static final Set<String> DECISIVE =
      Set.of(
          "new-resource", "new-minor", "new-peer", "del-peer", "del-path", "del-minor", "detach");

  private final Surroundings surroundings;
  private final boolean rehearsal;
  private final boolean verbose;
  private final Optional<String> variable;
  private final Path configuration;

  TaskRunner(Arguments arguments, Surroundings surroundings) {
    this.configuration = Path.of(ConfigurationFile.name(arguments));
    this.surroundings = surroundings;
    this.rehearsal = arguments.has(AdmSyntax.DRY_RUN.name());
    this.verbose = arguments.has(AdmSyntax.VERBOSE.name());
    this.variable = arguments.values(AdmSyntax.VARIABLE.name()).stream().findFirst();
  }

  /** Whether it only prints. */
  boolean isRehearsal() {
    return rehearsal;
  }

  /** Does one after the other until one fails; its exit code, or 0. */
  int inTurn(List<Task> tasks) throws IOException {
    for (Task task : tasks) {
      int code = run(task);
      if (code != ExitCode.OK) {
        return code;
      }
    }
    return ExitCode.OK;
  }

  /**
   * Does all tasks of a stage, and then those of the next unless one has failed.
   *
   * @param tasks in the order of their stages
   * @return whether all went well
   */
  boolean inStages(List<Task> tasks) throws IOException {
    int begin = 0;
    while (begin < tasks.size()) {
      int end = begin + 1;
      while (end < tasks.size() && tasks.get(end).stage() == tasks.get(begin).stage()) {
        end++;
      }
      if (!stage(tasks.subList(begin, end))) {
        return false;
      }
      begin = end;
    }
    return true;
  }

  private boolean stage(List<Task> tasks) throws IOException {
    boolean good = true;
    Set<String> given = new HashSet<>();
    for (Task task : tasks) {
      if (given.contains(task.resource())) {
        surroundings
            .err()
            .printf("%s %s: skipped due to earlier error%n", task.command(), task.resource());
      } else if (run(task) != ExitCode.OK) {
        good = false;
        if (DECISIVE.contains(task.command())) {
          given.add(task.resource());
        }
      }
    }
    return good;
  }

  private int run(Task task) throws IOException {
    if (rehearsal) {
      task.steps().forEach(step -> print(task, step));
      return ExitCode.OK;
    }
    return switch (task.order()) {
      case Task.Order.Chain chain -> chain(task, task.steps());
      case Task.Order.FirstCounts first -> {
        int code = step(task, task.steps().getFirst());
        chain(task, task.steps().subList(1, task.steps().size()));
        yield code;
      }
      case Task.Order.OrElse orElse -> {
        int code = step(task, task.steps().getFirst());
        yield code == ExitCode.OK || orElse.finals().contains(code)
            ? code
            : chain(task, task.steps().subList(1, task.steps().size()));
      }
    };
  }

  private void print(Task task, Step step) {
    variable.ifPresent(name -> surroundings.out().println(name + "=" + task.resource()));
    surroundings.out().println(step.line());
  }

  private int chain(Task task, List<Step> steps) throws IOException {
    for (Step step : steps) {
      int code = step(task, step);
      if (code != ExitCode.OK) {
        return code;
      }
    }
    return ExitCode.OK;
  }

  private int step(Task task, Step step) throws IOException {
    if (verbose) {
      print(task, step);
    }
    int code = call(step);
    if (code == ExitCode.OK && step.arguments().getFirst().equals("new-resource")) {
      linkConfiguration(task.resource());
    }
    if (code >= TOLD_FROM) {
      surroundings.err().printf("Command '%s' terminated with exit code %d%n", step.line(), code);
    }
    return code;
  }

  /** The node finds the handlers of the resource there. */
  private void linkConfiguration(String resource) throws IOException {
    Path link = surroundings.runDir().configurationOf(resource);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, configuration.toRealPath());
  }

  private int call(Step step) throws IOException {
    return switch (step.program()) {
      case SETUP ->
          command(
              step.arguments().getFirst(), step.arguments().subList(1, step.arguments().size()));
      case META -> metadata(step.arguments());
      case SHELL ->
          throw new IllegalStateException("a handler is started by the node: " + step.line());
    };
  }

  /**
   * Does what drbdmeta does. Metadata of jdrbd needs no repair; new metadata get an id of the
   * device, as drbdadm gives them one.
   */
  private int metadata(List<String> arguments) throws IOException {
    String name = arguments.get(4);
    if (name.equals("repair-md")) {
      return ExitCode.OK;
    }
    int code = command(META, arguments);
    if (code != ExitCode.OK || !name.equals("create-md")) {
      return code;
    }
    List<String> identify = new ArrayList<>(arguments.subList(0, 4));
    identify.add("write-dev-uuid");
    identify.add("%016X".formatted(new SecureRandom().nextLong()));
    return command(META, identify);
  }

  private int command(String name, List<String> words) throws IOException {
    Optional<Command> command =
        CommandTable.find(name).filter(found -> !(found instanceof AdmCommand));
    if (command.isEmpty()) {
      surroundings.err().printf("'%s' is not there yet%n", name);
      return ExitCode.USAGE;
    }
    try {
      Arguments arguments = ArgumentLine.parse(command.get().spec(), words);
      return command.get().run(arguments, surroundings);
    } catch (UsageException e) {
      surroundings.err().printf("%s: %s%n", name, e.getMessage());
    } catch (DaemonMissingException e) {
      surroundings.err().println(e.getMessage());
    }
    return ExitCode.USAGE;
  }
}
