package io.jdrbd.cli;

import io.jdrbd.cli.Syntax.Option;
import io.jdrbd.cli.Syntax.Positional;
import java.io.PrintStream;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Help texts and the completion script, drawn by picocli. */
final class Help {
  private Help() {}

  static void print(Syntax syntax, PrintStream out) {
    new CommandLine(spec(syntax)).usage(out);
  }

  /** A script for bash and zsh. */
  static String completion(List<Syntax> commands) {
    CommandSpec all = CommandSpec.create().name("jdrbd");
    commands.forEach(command -> all.addSubcommand(command.name(), spec(command)));
    return AutoComplete.bash("jdrbd", new CommandLine(all));
  }

  private static CommandSpec spec(Syntax syntax) {
    CommandSpec spec = CommandSpec.create().name(syntax.name());
    spec.usageMessage()
        .synopsisHeading("Usage: jdrbd ")
        .description(syntax.description().toArray(String[]::new));
    syntax.options().forEach(option -> spec.addOption(option(option)));
    int index = 0;
    for (Positional positional : syntax.positionals()) {
      spec.addPositional(positional(index, positional));
      index++;
    }
    return spec;
  }

  private static OptionSpec option(Option option) {
    OptionSpec.Builder builder =
        OptionSpec.builder(option.names().toArray(String[]::new))
            .description(option.description())
            .paramLabel(option.label());
    return switch (option.kind()) {
      case FLAG -> builder.arity("0..1").type(String.class).build();
      case COUNT -> builder.arity("0").type(boolean[].class).build();
      case VALUE -> builder.arity("1").type(String.class).build();
      case VALUES -> builder.arity("1").type(List.class).auxiliaryTypes(String.class).build();
    };
  }

  private static PositionalParamSpec positional(int index, Positional positional) {
    return PositionalParamSpec.builder()
        .index(positional.repeats() ? index + "..*" : Integer.toString(index))
        .arity((positional.required() ? "1" : "0") + (positional.repeats() ? "..*" : "..1"))
        .paramLabel(positional.name())
        .type(String.class)
        .description(positional.description())
        .build();
  }
}
