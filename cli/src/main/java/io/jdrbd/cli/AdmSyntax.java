package io.jdrbd.cli;

import io.jdrbd.cli.Syntax.Kind;
import io.jdrbd.cli.Syntax.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the commands about configured resources take: general options, and those of the low-level
 * commands that they come to (spec 7, section 6.1).
 */
final class AdmSyntax {
  static final Option DRY_RUN =
      new Option(
          List.of("-d", "--dry-run"), Kind.COUNT, "", "Print what would be done, and do nothing.");
  static final Option VERBOSE =
      new Option(List.of("-v", "--verbose"), Kind.COUNT, "", "Print each call before it is done.");
  static final Option STACKED =
      new Option(List.of("-S", "--stacked"), Kind.COUNT, "", "'all' means the stacked resources.");
  static final Option VARIABLE =
      new Option(
          List.of("-n", "--sh-varname"),
          Kind.VALUE,
          "NAME",
          "Print a line NAME=RESOURCE before each call.");
  static final Option PASSED_ON =
      new Option(
          List.of("-W", "--setup-option"),
          Kind.VALUES,
          "ARGUMENT",
          "Pass this on to the low-level command as it is.");
  private static final List<Option> GENERAL =
      List.of(DRY_RUN, VERBOSE, STACKED, VARIABLE, PASSED_ON, ConfigurationFile.OPTION);

  /** What is called otherwise below. */
  private static final Map<String, String> BELOW =
      Map.of(
          "wait-connect", "wait-connect-resource",
          "wait-sync", "wait-sync-resource",
          "check-resize", "resize",
          "adjust", "connect",
          "adjust-with-progress", "connect");

  /** Options of commands that this node does not have yet. */
  private static final Map<String, List<Option>> OF_OTHERS =
      Map.of(
          "suspend-io", List.of(flag("--bdev-freeze")),
          "adjust", List.of(flag("--skip-disk"), flag("--skip-net")),
          "adjust-with-progress", List.of(flag("--skip-disk"), flag("--skip-net")),
          "create-md", List.of(value("--max-peers", "N")),
          "status", List.of(flag("--statistics")));

  private static final List<String> OF_METADATA =
      List.of(
          "create-md", "dump-md", "wipe-md", "apply-al", "repair-md", "dump-superblock", "set-gi");

  private AdmSyntax() {}

  private static Option value(String name, String label) {
    return new Option(List.of(name), Kind.VALUE, label, "For the low-level command.");
  }

  private static Option flag(String name) {
    return new Option(List.of(name), Kind.FLAG, "yes|no", "For the low-level command.");
  }

  static Syntax of(String command, String description) {
    Syntax syntax =
        Parameters.command(command, description)
            .addPositional(
                Parameters.optionalArgument(
                    "OBJECT...", "RES, RES/VOL, RES:PEER, RES:PEER/VOL, minor-N, or all."));
    GENERAL.forEach(syntax::addOption);
    ofBackend(command).forEach(syntax::addOption);
    return syntax;
  }

  /** The options that are passed on. */
  static List<Option> ofBackend(String command) {
    List<Option> all = new ArrayList<>(OF_OTHERS.getOrDefault(command, List.of()));
    String below =
        OF_METADATA.contains(command) ? "drbdmeta" : BELOW.getOrDefault(command, command);
    Optional<Command> backend = command.equals("status") ? Optional.empty() : find(below);
    backend.stream()
        .flatMap(known -> known.spec().options().stream())
        .map(AdmSyntax::withoutGeneralNames)
        .flatMap(Optional::stream)
        .filter(option -> all.stream().noneMatch(known -> known.name().equals(option.name())))
        .forEach(all::add);
    return all;
  }

  private static Optional<Command> find(String name) {
    return CommandTable.find(name).filter(command -> !(command instanceof AdmCommand));
  }

  private static Optional<Option> withoutGeneralNames(Option option) {
    List<String> taken = new ArrayList<>(List.of("-h", "--help", "--run-dir"));
    GENERAL.forEach(general -> taken.addAll(general.names()));
    List<String> names = option.names().stream().filter(name -> !taken.contains(name)).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new Option(names, option.kind(), option.label(), option.description()));
  }

  /** The options that were given for the low-level command, as its arguments. */
  static List<String> passedOn(String command, Arguments arguments) {
    List<Option> backend = ofBackend(command);
    List<String> all = new ArrayList<>();
    arguments
        .options()
        .forEach(
            (name, values) ->
                backend.stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .ifPresent(option -> values.forEach(value -> all.add(word(option, value)))));
    all.addAll(arguments.values(PASSED_ON.name()));
    return all;
  }

  private static String word(Option option, String value) {
    boolean alone = option.kind() == Kind.COUNT || value.equals("yes");
    return alone && option.kind() != Kind.VALUE && option.kind() != Kind.VALUES
        ? option.name()
        : option.name() + "=" + value;
  }
}
