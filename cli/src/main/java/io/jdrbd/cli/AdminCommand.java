package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.state.StateError;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.Function;

/**
 * A command that is one request and prints nothing unless it fails. As drbdsetup does, it tries a
 * state change again that met a transient state (spec 7, section 8.1), but not for ever: 8 s.
 *
 * @param spec what it takes
 * @param request the request's arguments from the command's
 */
record AdminCommand(Syntax spec, Function<Arguments, Json.Obj> request) implements Command {
  /** A state change that met a transient state is tried again, after pauses that double. */
  private static final long FIRST_PAUSE_MS = 62;

  private static final long LAST_PAUSE_MS = 4_000;

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Json.Obj asked = request.apply(arguments);
    String object = arguments.positional(0, spec.name());
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply = daemon.call(spec.name(), asked);
      for (long ms = FIRST_PAUSE_MS; isTransient(reply) && ms <= LAST_PAUSE_MS; ms *= 2) {
        pause(ms);
        reply = daemon.call(spec.name(), asked);
      }
      surroundings.err().print(Messages.of(object, reply));
      return ExitCode.of(reply);
    }
  }

  private static boolean isTransient(Reply reply) {
    return reply instanceof Reply.Refused refused
        && refused.code() == StateError.IN_TRANSIENT_STATE.code();
  }

  private static void pause(long ms) throws IOException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two attempts");
    }
  }
}
