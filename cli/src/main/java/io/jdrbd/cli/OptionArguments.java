package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.flag;
import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.control.Json;
import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.OptionType;

/** Options of resources, disks and connections on command lines. */
final class OptionArguments {
  private OptionArguments() {}

  /** Lets a command take options. */
  static void declare(Syntax syntax, NamedOption... options) {
    for (NamedOption option : options) {
      String remark =
          "Default: " + (option.defaultValue().isEmpty() ? "none" : option.defaultValue());
      syntax.addOption(
          option.type() instanceof OptionType.Bool
              ? flag("--" + option.word(), remark)
              : value("--" + option.word(), option.type().accepts(), remark));
    }
  }

  /**
   * What was given of them, by name.
   *
   * @throws UsageException if a value is not acceptable
   */
  static Json.Obj given(Arguments arguments, NamedOption... options) {
    Json.Obj given = Json.Obj.empty();
    for (NamedOption option : options) {
      String name = "--" + option.word();
      if (arguments.has(name)) {
        String typed = arguments.value(name, "");
        if (option.type().canonical(typed).isEmpty()) {
          throw new UsageException(
              "%s: '%s' is not accepted; it takes %s"
                  .formatted(name, typed, option.type().accepts()));
        }
        given.with(option.word(), typed);
      }
    }
    return given;
  }
}
