package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import java.io.IOException;
import java.util.function.Function;

/**
 * A command that is one request and prints nothing unless it fails.
 *
 * @param spec what it takes
 * @param request the request's arguments from the command's
 */
record AdminCommand(Syntax spec, Function<Arguments, Json.Obj> request) implements Command {

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Json.Obj asked = request.apply(arguments);
    String object = arguments.positional(0, spec.name());
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply = daemon.call(spec.name(), asked);
      surroundings.err().print(Messages.of(object, reply));
      return ExitCode.of(reply);
    }
  }
}
