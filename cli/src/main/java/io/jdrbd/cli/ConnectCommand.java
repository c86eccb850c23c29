package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Reply;
import io.jdrbd.resource.ConnectionView;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * {@code connect}: begins to connect and, if asked to, waits until all volumes are replicated,
 * shows what is missing, and says why where that ends.
 */
final class ConnectCommand implements Command {
  private static final String WAIT = "--wait";

  @Override
  public Syntax spec() {
    return ConnectionCommands.ofConnection(
            "connect", "Attempt to (re)establish a replication link to a peer host.")
        .addOption(
            Parameters.flag(
                List.of("--dry-run", "--tentative"),
                "Find out which way a resync would go, and disconnect again."))
        .addOption(
            Parameters.flag("--discard-my-data", "After split brain, give this node's changes up."))
        .addOption(
            Parameters.value(
                WAIT,
                "SECONDS",
                "Wait until all volumes are replicated, at most so long; 0 for any time."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    String resource = arguments.positional(0, "");
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply =
          daemon.call(
              "connect",
              PeerArguments.connection(arguments)
                  .with("tentative", arguments.isSet("--tentative"))
                  .with("discard-my-data", arguments.isSet("--discard-my-data")));
      surroundings.err().print(Messages.of(resource, reply));
      if (!(reply instanceof Reply.Done) || !arguments.has(WAIT)) {
        return ExitCode.of(reply);
      }
    }
    WaitTarget target =
        new WaitTarget(
            WaitGoal.CONNECT,
            resource,
            OptionalInt.of(PeerArguments.peerNodeId(arguments)),
            OptionalInt.empty());
    long seconds = Numbers.parse(WAIT, arguments.value(WAIT, ""));
    return await(
        new Waiting(target, seconds, false, still -> tell(surroundings, still)), surroundings);
  }

  private static void tell(Surroundings surroundings, List<String> still) {
    surroundings.err().println("waiting for " + String.join("; ", still));
  }

  private static int await(Waiting waiting, Surroundings surroundings) throws IOException {
    return switch (waiting.run(surroundings)) {
      case Waiting.End.Reached reached -> ExitCode.OK;
      case Waiting.End.Ended ended -> {
        tellWhy(waiting.target().resource(), ended.connection(), surroundings);
        yield ExitCode.STATE_CHANGE_REFUSED;
      }
      case Waiting.End.TimedOut timedOut -> {
        surroundings
            .err()
            .printf(
                "%s: not connected after %d s: %s%n",
                waiting.target().resource(),
                waiting.seconds(),
                String.join("; ", timedOut.still()));
        yield ExitCode.TIMED_OUT;
      }
    };
  }

  private static void tellWhy(String resource, ConnectionView connection, Surroundings surroundings)
      throws IOException {
    String reason =
        ExplainCommand.last(surroundings, resource, connection.name())
            .map(
                decision ->
                    "%s: %s: %s"
                        .formatted(decision.question(), decision.answer(), decision.reason()))
            .orElse("nothing is known of the reason; see the daemon's log");
    surroundings
        .err()
        .printf(
            "%s: the connection with %s is %s: %s%n",
            resource, connection.name(), connection.state().word(), reason);
  }
}
