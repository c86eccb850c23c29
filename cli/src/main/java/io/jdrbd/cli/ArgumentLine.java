package io.jdrbd.cli;

import io.jdrbd.cli.Syntax.Kind;
import io.jdrbd.cli.Syntax.Option;
import io.jdrbd.cli.Syntax.Positional;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a command line apart as {@code drbdsetup} does (spec 7, section 8): options may stand
 * anywhere, long ones may be abbreviated to a unique prefix, a boolean is {@code --opt}, {@code
 * --opt=yes} or {@code --opt=no}, a value {@code --opt=v} or {@code --opt v}.
 */
final class ArgumentLine {
  private static final String END_OF_OPTIONS = "--";
  private static final String ALONE = "yes";

  private final Syntax syntax;
  private final List<String> positionals = new ArrayList<>();
  private final Map<String, List<String>> options = new LinkedHashMap<>();

  private ArgumentLine(Syntax syntax) {
    this.syntax = syntax;
  }

  /**
   * Takes the words behind a command apart.
   *
   * @throws UsageException if they do not fit the command
   */
  static Arguments parse(Syntax syntax, List<String> words) {
    ArgumentLine line = new ArgumentLine(syntax);
    line.read(words.iterator());
    Arguments arguments = new Arguments(line.positionals, line.options);
    if (!arguments.has(Parameters.HELP.name())) {
      line.checkPositionals();
    }
    return arguments;
  }

  private void read(Iterator<String> words) {
    boolean optionsEnded = false;
    while (words.hasNext()) {
      String word = words.next();
      if (optionsEnded || !word.startsWith("-") || word.equals("-")) {
        positionals.add(word);
      } else if (word.equals(END_OF_OPTIONS)) {
        optionsEnded = true;
      } else if (word.startsWith("--")) {
        longOption(word, words);
      } else {
        shortOptions(word, words);
      }
    }
  }

  private void longOption(String word, Iterator<String> words) {
    int equals = word.indexOf('=');
    Option option = find(equals < 0 ? word : word.substring(0, equals));
    note(option, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)), words);
  }

  private void shortOptions(String word, Iterator<String> words) {
    for (int i = 1; i < word.length(); i++) {
      Option option = find("-" + word.charAt(i));
      boolean takesTheRest = option.kind() == Kind.VALUE || option.kind() == Kind.VALUES;
      if (takesTheRest && i + 1 < word.length()) {
        note(option, Optional.of(word.substring(i + 1)), words);
        return;
      }
      note(option, Optional.empty(), words);
    }
  }

  private void note(Option option, Optional<String> attached, Iterator<String> words) {
    String value =
        switch (option.kind()) {
          case FLAG -> attached.orElse(ALONE);
          case COUNT -> {
            if (attached.isPresent()) {
              throw new UsageException(option.name() + " takes no value");
            }
            yield ALONE;
          }
          case VALUE, VALUES -> attached.orElseGet(() -> following(option, words));
        };
    options.computeIfAbsent(option.name(), name -> new ArrayList<>()).add(value);
  }

  private static String following(Option option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new UsageException("%s takes a value: %s".formatted(option.name(), option.label()));
    }
    return words.next();
  }

  private Option find(String given) {
    List<Option> candidates =
        syntax.options().stream().filter(option -> matches(option, given)).toList();
    Optional<Option> exact =
        candidates.stream().filter(option -> option.names().contains(given)).findFirst();
    if (exact.isPresent()) {
      return exact.get();
    }
    if (candidates.size() != 1) {
      throw new UsageException(
          candidates.isEmpty()
              ? "there is no option " + given
              : "%s may mean %s"
                  .formatted(
                      given, String.join(", ", candidates.stream().map(Option::name).toList())));
    }
    return candidates.getFirst();
  }

  private static boolean matches(Option option, String given) {
    return option.names().stream()
        .anyMatch(name -> name.equals(given) || (name.startsWith("--") && name.startsWith(given)));
  }

  private void checkPositionals() {
    int index = 0;
    for (Positional positional : syntax.positionals()) {
      if (positional.required() && index >= positionals.size()) {
        throw new UsageException(positional.label() + " is missing");
      }
      index++;
    }
    boolean anyNumber = syntax.positionals().stream().anyMatch(Positional::repeats);
    if (!anyNumber && positionals.size() > syntax.positionals().size()) {
      throw new UsageException(
          "'%s' is one argument too many".formatted(positionals.get(syntax.positionals().size())));
    }
  }
}
