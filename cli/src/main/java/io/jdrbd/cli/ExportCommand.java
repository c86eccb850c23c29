package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code export list}: how volumes can be reached. */
final class ExportCommand implements Command {

  @Override
  public Syntax spec() {
    return Parameters.command("export", "List how volumes can be reached: export list [--json].")
        .addPositional(Parameters.argument("list", "The only thing to do with exports."))
        .addOption(Parameters.flag(List.of("-j", "--json"), "List them as JSON."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    if (!arguments.positional(0, "").equals("list")) {
      throw new UsageException("'list' is the only thing to do with exports");
    }
    try (ControlClient daemon = surroundings.connect()) {
      Json.Obj data = Snapshot.data(daemon.call("exports", Json.Obj.empty()));
      if (arguments.isSet("--json")) {
        surroundings.out().println(new String(JsonText.write(data), StandardCharsets.UTF_8));
      } else {
        data.array("exports").forEach(export -> surroundings.out().print(text((Json.Obj) export)));
      }
    }
    return ExitCode.OK;
  }

  private static String text(Json.Obj export) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s size:%d clients:%d device:%s%n"
            .formatted(
                export.text("name"),
                export.number("size-bytes"),
                export.number("clients"),
                export.optionalText("device").orElse("none")));
    for (Json uri : export.array("uris")) {
      text.append("  ").append(((Json.Text) uri).value()).append('\n');
    }
    return text.toString();
  }
}
