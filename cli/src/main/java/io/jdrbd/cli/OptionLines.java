package io.jdrbd.cli;

import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.OptionType;
import io.jdrbd.resource.OptionValues;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Options as {@code show} writes them (spec 7, section 10.3).
 *
 * @param defaults whether options at their default are shown
 */
record OptionLines(boolean defaults) {

  /** A section of options in braces; empty if there is nothing to show. */
  <O extends Enum<O> & NamedOption> String section(
      String name, String indent, O[] options, OptionValues<O> values) {
    String lines =
        Arrays.stream(options)
            .filter(option -> defaults || !values.isDefault(option))
            .map(option -> indent + "    " + line(option, values))
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : indent + name + " {\n" + lines + indent + "}\n";
  }

  private static <O extends Enum<O> & NamedOption> String line(O option, OptionValues<O> values) {
    String remark =
        Stream.concat(
                Stream.of(option.unitWord()).filter(word -> !word.isEmpty()),
                values.isDefault(option) ? Stream.of("default") : Stream.empty())
            .collect(Collectors.joining(", "));
    return "%-16s\t%s;%s\n"
        .formatted(
            option.word(),
            value(option.type(), values.get(option)),
            remark.isEmpty() ? "" : " # " + remark);
  }

  private static String value(OptionType type, String value) {
    return switch (type) {
      case OptionType.Bool yesNo -> value;
      case OptionType.Choice choice -> value;
      case OptionType.Text text -> quoted(value);
      case OptionType.Key key -> quoted(value);
      case OptionType.Numeric number -> withUnit(number, value);
    };
  }

  /** A number with the suffix of its unit. */
  static String withUnit(OptionType.Numeric number, String value) {
    return number.words().contains(value) ? value : value + number.unit().suffix();
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
