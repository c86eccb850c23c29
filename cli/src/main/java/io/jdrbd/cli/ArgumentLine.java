package io.jdrbd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Brings a command line as {@code drbdsetup} accepts it (spec 7, section 8) into the form that
 * picocli parses: long options may be abbreviated, a boolean is {@code --opt}, {@code --opt=yes} or
 * {@code --opt=no}.
 */
final class ArgumentLine {
  private ArgumentLine() {}

  /** The arguments in the other form; what is not understood is left for picocli to complain of. */
  static String[] normalised(CommandSpec spec, List<String> arguments) {
    List<String> result = new ArrayList<>();
    boolean options = true;
    for (String argument : arguments) {
      options &= !argument.equals("--");
      result.add(options && argument.startsWith("-") ? option(spec, argument) : argument);
    }
    return result.toArray(String[]::new);
  }

  private static String option(CommandSpec spec, String argument) {
    int equals = argument.indexOf('=');
    String given = equals < 0 ? argument : argument.substring(0, equals);
    Optional<OptionSpec> option = find(spec, given);
    if (option.isEmpty()) {
      return argument;
    }
    String name = option.get().longestName();
    if (equals >= 0) {
      return name + argument.substring(equals);
    }
    return isFlag(option.get()) ? name + "=yes" : name;
  }

  private static boolean isFlag(OptionSpec option) {
    return option.arity().min() == 0 && option.arity().max() == 1;
  }

  private static Optional<OptionSpec> find(CommandSpec spec, String given) {
    Optional<OptionSpec> exact = Optional.ofNullable(spec.findOption(given));
    if (exact.isPresent() || !given.startsWith("--")) {
      return exact;
    }
    List<OptionSpec> candidates =
        spec.options().stream()
            .filter(option -> Stream.of(option.names()).anyMatch(name -> name.startsWith(given)))
            .toList();
    return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
  }
}
