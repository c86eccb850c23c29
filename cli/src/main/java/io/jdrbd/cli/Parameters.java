package io.jdrbd.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Short words for describing commands. All values are text; whoever uses them parses them. */
final class Parameters {
  private Parameters() {}

  static CommandSpec command(String name, String... description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().synopsisHeading("Usage: jdrbd ").description(description);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        value("--run-dir", "DIR", "Where the daemon is found; default /run/jdrbd for root."));
    return spec;
  }

  static PositionalParamSpec argument(int index, String label, String... description) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .paramLabel(label)
        .type(String.class)
        .required(true)
        .description(description)
        .build();
  }

  static PositionalParamSpec optionalArgument(int index, String label, String... description) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .arity("0..1")
        .paramLabel(label)
        .type(String.class)
        .required(false)
        .description(description)
        .build();
  }

  /** An option that takes {@code yes} or {@code no} and means yes when it stands alone. */
  static OptionSpec flag(List<String> names, String... description) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .arity("0..1")
        .paramLabel("yes|no")
        .type(String.class)
        .description(description)
        .build();
  }

  static OptionSpec flag(String name, String... description) {
    return flag(List.of(name), description);
  }

  static OptionSpec value(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .arity("1")
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /** An option that may be given several times. */
  static OptionSpec values(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .arity("1")
        .paramLabel(label)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .description(description)
        .build();
  }
}
