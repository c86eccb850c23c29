package io.jdrbd.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides what a name means that both drbdadm and drbdsetup have a command of: by {@code adm} or
 * {@code setup} in front, by the name that jdrbd was started under, or else by its arguments.
 */
enum Dialect {
  /** Commands are about what is configured. */
  ADM,
  /** Commands are about what is running. */
  SETUP,
  /** The arguments tell. */
  EITHER;

  private static final String LAUNCHER_PROPERTY = "jdrbd.launcher";
  private static final String PREFIX_ADM = "adm";
  private static final String PREFIX_SETUP = "setup";
  private static final String ALL = "all";

  /** Low-level, these are about a minor. */
  private static final Set<String> OF_MINOR =
      Set.of(
          "attach",
          "detach",
          "resize",
          "check-resize",
          "outdate",
          "invalidate",
          "new-current-uuid",
          "del-minor",
          "dstate",
          "disk-options",
          "suspend-io",
          "resume-io");

  /** These mean the same either way when they are about one whole resource. */
  private static final Set<String> OF_RESOURCE =
      Set.of("primary", "secondary", "role", "down", "status", "resource-options");

  /** Low-level, these have an 'all' of their own: everything that is running. */
  private static final Set<String> WITH_ALL = Set.of("down", "status");

  private static final Set<String> ADM_OPTIONS =
      Set.of("-d", "--dry-run", "-c", "--config-file", "-S", "--stacked", "-W", "-n");

  /**
   * The words, with what the name of the launcher asks for in front: links to it of the names of
   * DRBD's own programs are those programs.
   */
  static List<String> byLauncher(List<String> args) {
    Path launcher = Path.of(System.getProperty(LAUNCHER_PROPERTY, "jdrbd")).getFileName();
    Optional<String> first =
        switch (String.valueOf(launcher)) {
          case "drbdadm" -> Optional.of(PREFIX_ADM);
          case "drbdsetup" -> Optional.of(PREFIX_SETUP);
          case "drbdmeta" -> Optional.of("drbdmeta");
          default -> Optional.empty();
        };
    return Stream.concat(first.stream(), args.stream()).toList();
  }

  static Dialect of(List<String> args) {
    return switch (args.isEmpty() ? "" : args.getFirst()) {
      case PREFIX_ADM -> ADM;
      case PREFIX_SETUP -> SETUP;
      default -> EITHER;
    };
  }

  /** The words without the one that names the dialect. */
  List<String> stripped(List<String> args) {
    return this == EITHER ? args : args.subList(1, args.size());
  }

  /**
   * The command of a name.
   *
   * @param low the one that the table has
   */
  Command choose(String name, Command low, List<String> words) {
    if (low instanceof AdmCommand || !AdmCommands.names().contains(name)) {
      return low;
    }
    Command high = new AdmCommand(name, ConfigurationFile.ofProcess());
    return switch (this) {
      case ADM -> high;
      case SETUP -> low;
      case EITHER -> isHigh(name, low, high, words) ? high : low;
    };
  }

  private static boolean isHigh(String name, Command low, Command high, List<String> words) {
    Optional<Arguments> asLow = parse(low, words);
    Optional<Arguments> asHigh = parse(high, words);
    if (asHigh.isEmpty() || asHigh.get().positionals().isEmpty()) {
      return false;
    }
    List<String> objects = asLow.or(() -> asHigh).get().positionals();
    if (OF_MINOR.contains(name)) {
      return !isNumber(objects.getFirst()) && !objects.getFirst().startsWith("/");
    }
    if (!OF_RESOURCE.contains(name)) {
      return objects.size() < 2 || !isNumber(objects.get(1));
    }
    String first = objects.getFirst();
    return asLow.isEmpty()
        || words.stream().anyMatch(word -> ADM_OPTIONS.contains(word) && !name.equals("status"))
        || first.contains("/")
        || first.contains(":")
        || (first.equals(ALL) && !WITH_ALL.contains(name));
  }

  private static boolean isNumber(String word) {
    return word.matches("[0-9]+");
  }

  private static Optional<Arguments> parse(Command command, List<String> words) {
    try {
      return Optional.of(ArgumentLine.parse(command.spec(), words));
    } catch (UsageException e) {
      return Optional.empty(); // it is not meant for this one
    }
  }
}
