package io.jdrbd.cli;

import java.util.List;
import java.util.Map;

/**
 * What a command was given.
 *
 * @param positionals in their order
 * @param options by name, each with all of its values
 */
record Arguments(List<String> positionals, Map<String, List<String>> options) {

  boolean hasPositional(int index) {
    return index < positionals.size();
  }

  /** The argument at a place; the other text if there is none. */
  String positional(int index, String otherwise) {
    return hasPositional(index) ? positionals.get(index) : otherwise;
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The last value of an option; the other text if it was not given. */
  String value(String option, String otherwise) {
    return has(option) ? options.get(option).getLast() : otherwise;
  }

  /** All values of an option. */
  List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** Whether an option that takes yes or no says yes. */
  boolean isSet(String option) {
    return switch (value(option, "no")) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new UsageException(option + " takes yes or no");
    };
  }
}
