package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.ShownResource;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeResource;
import io.jdrbd.plan.Adjustment;
import io.jdrbd.plan.PlanException;
import io.jdrbd.plan.Selection;
import io.jdrbd.plan.Task;
import io.jdrbd.plan.Verbs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A command about configured resources, as drbdadm has them (spec 7, section 6.3): works out the
 * low-level calls, and prints them or does them by the code of the low-level commands.
 */
final class AdmCommand implements Command {
  private static final int USAGE = 1;
  private static final int FAILED = 1;
  private static final String ALL = "all";

  private final String name;
  private final ConfigurationFile file;

  AdmCommand(String name, ConfigurationFile file) {
    this.name = name;
    this.file = file;
  }

  @Override
  public Syntax spec() {
    return AdmSyntax.of(name, AdmCommands.description(name));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    if (arguments.positionals().isEmpty()) {
      surroundings.err().printf("%s: No resource names specified%n", name);
      return USAGE;
    }
    Optional<NodeConfiguration> configuration = file.readChecked(arguments, surroundings);
    if (configuration.isEmpty()) {
      return ExitCode.REFUSED;
    }
    return ConfiguredWork.tried(
        surroundings, () -> run(configuration.get(), arguments, surroundings));
  }

  private int run(NodeConfiguration configuration, Arguments arguments, Surroundings surroundings)
      throws PlanException, ConfException, IOException {
    List<Selection> selections = selections(configuration, arguments);
    boolean staged = AdmCommands.isStaged(name);
    TaskRunner runner = new TaskRunner(arguments, surroundings);
    if (!runner.isRehearsal()) {
      AddressCheck.of(name, arguments).check(configuration, selections);
    }
    if (!staged) {
      return oneAfterTheOther(configuration, selections, arguments, runner);
    }
    List<Task> tasks = new ArrayList<>();
    for (Selection selection : selections) {
      tasks.addAll(stagedTasks(configuration, selection, arguments, surroundings));
    }
    tasks.sort(Comparator.comparing(Task::stage));
    return runner.inStages(tasks) ? ExitCode.OK : FAILED;
  }

  private int oneAfterTheOther(
      NodeConfiguration configuration,
      List<Selection> selections,
      Arguments arguments,
      TaskRunner runner)
      throws PlanException, IOException {
    int result = ExitCode.OK;
    List<String> options = new ArrayList<>(AdmSyntax.passedOn(name, arguments));
    if (name.equals("status")) {
      arguments.values(AdmSyntax.VERBOSE.name()).forEach(each -> options.add("--verbose"));
    }
    for (Selection selection : selections) {
      int code = runner.inTurn(Verbs.of(name, configuration, selection, options));
      result = code == ExitCode.OK ? result : code;
    }
    return result;
  }

  private List<Task> stagedTasks(
      NodeConfiguration configuration,
      Selection selection,
      Arguments arguments,
      Surroundings surroundings)
      throws PlanException, ConfException, IOException {
    if (name.equals("up")) {
      return Verbs.up(configuration, selection);
    }
    Adjustment.Wish wish =
        new Adjustment.Wish(
            !arguments.isSet("--skip-disk"),
            !arguments.isSet("--skip-net"),
            AdmSyntax.passedOn(name, arguments).stream()
                .filter(word -> !word.startsWith("--skip-"))
                .toList());
    Optional<ShownResource> running = Running.find(selection.resource().name(), surroundings);
    return Adjustment.of(configuration, selection, wish, running);
  }

  static List<Selection> selections(NodeConfiguration configuration, Arguments arguments)
      throws PlanException {
    List<Selection> all = new ArrayList<>();
    for (String object : arguments.positionals()) {
      if (object.equals(ALL) && configuration.own(ALL).isEmpty()) {
        own(configuration, arguments).forEach(resource -> all.add(Selection.all(resource)));
      } else {
        all.add(Selection.parse(object, configuration));
      }
    }
    return all;
  }

  private static List<NodeResource> own(NodeConfiguration configuration, Arguments arguments)
      throws PlanException {
    boolean stacked = arguments.has(AdmSyntax.STACKED.name());
    List<NodeResource> own =
        configuration.own().stream().filter(each -> each.isStacked() == stacked).toList();
    if (!own.isEmpty()) {
      return own;
    }
    String host = configuration.host().name();
    throw new PlanException(
        USAGE,
        configuration.resources().isEmpty()
            ? "no resources defined!"
            : stacked
                ? "WARN: nothing stacked for this host (%s), nothing to do in stacked mode!"
                    .formatted(host)
                : ("WARN: no normal resources defined for this host (%s)!?%n"
                        + "Misspelled name of the local machine with the 'on' keyword ?")
                    .formatted(host));
  }
}
