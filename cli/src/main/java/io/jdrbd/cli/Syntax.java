package io.jdrbd.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command is called and takes. Commands are parsed by {@link ArgumentLine}, as drbdsetup's
 * rules are, and described by {@link Help}; a command that is only run never loads picocli, which
 * halves its time.
 */
final class Syntax {
  private final String name;
  private final List<String> description;
  private final List<Positional> positionals = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();

  Syntax(String name, List<String> description) {
    this.name = name;
    this.description = List.copyOf(description);
  }

  /** What stands at a place of its own. */
  record Positional(String label, boolean required, String description) {
    private static final String AND_MORE = "...";

    /** Whether it may be given any number of times; only the last one may. */
    boolean repeats() {
      return label.endsWith(AND_MORE);
    }

    /** What stands for one of it. */
    String name() {
      return repeats() ? label.substring(0, label.length() - AND_MORE.length()) : label;
    }
  }

  /** How an option is written. */
  enum Kind {
    /** {@code --force}, {@code --force=yes} or {@code --force=no}. */
    FLAG,
    /** {@code -v}, perhaps several times. */
    COUNT,
    /** {@code --device=none} or {@code --device none}, the last one counts. */
    VALUE,
    /** As VALUE, but all of them count. */
    VALUES
  }

  /**
   * What begins with a dash.
   *
   * @param names the longest is the one it is known by
   * @param label what stands for its value in the help
   */
  record Option(List<String> names, Kind kind, String label, String description) {
    Option {
      names = List.copyOf(names);
    }

    String name() {
      return names.getLast();
    }
  }

  Syntax addPositional(Positional positional) {
    positionals.add(positional);
    return this;
  }

  Syntax addOption(Option option) {
    options.add(option);
    return this;
  }

  String name() {
    return name;
  }

  /** One line or more; the first says it all. */
  List<String> description() {
    return description;
  }

  List<Positional> positionals() {
    return positionals;
  }

  List<Option> options() {
    return options;
  }
}
