package io.jdrbd.cli;

import io.jdrbd.cli.Syntax.Kind;
import io.jdrbd.cli.Syntax.Option;
import io.jdrbd.cli.Syntax.Positional;
import java.util.List;

/** Short words for describing commands. All values are text; whoever uses them parses them. */
final class Parameters {
  static final Option HELP =
      new Option(List.of("-h", "--help"), Kind.COUNT, "", "Show this help and exit.");

  private Parameters() {}

  static Syntax command(String name, String... description) {
    return new Syntax(name, List.of(description))
        .addOption(HELP)
        .addOption(
            value("--run-dir", "DIR", "Where the daemon is found; default /run/jdrbd for root."));
  }

  static Positional argument(String label, String description) {
    return new Positional(label, true, description);
  }

  static Positional optionalArgument(String label, String description) {
    return new Positional(label, false, description);
  }

  /** An option that takes {@code yes} or {@code no} and means yes when it stands alone. */
  static Option flag(List<String> names, String description) {
    return new Option(names, Kind.FLAG, "yes|no", description);
  }

  static Option flag(String name, String description) {
    return flag(List.of(name), description);
  }

  static Option value(String name, String label, String description) {
    return new Option(List.of(name), Kind.VALUE, label, description);
  }

  /** An option that may be given several times. */
  static Option values(String name, String label, String description) {
    return new Option(List.of(name), Kind.VALUES, label, description);
  }
}
