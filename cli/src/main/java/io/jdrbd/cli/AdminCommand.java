package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import java.io.IOException;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command that is one request and prints nothing unless it fails.
 *
 * @param spec what it takes
 * @param request the request's arguments from the command's
 */
record AdminCommand(CommandSpec spec, Function<ParseResult, Json.Obj> request) implements Command {

  @Override
  public int run(ParseResult arguments, Surroundings surroundings) throws IOException {
    Json.Obj asked = request.apply(arguments);
    String object = arguments.matchedPositionalValue(0, spec.name());
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply = daemon.call(spec.name(), asked);
      surroundings.err().print(Messages.of(object, reply));
      return ExitCode.of(reply);
    }
  }
}
