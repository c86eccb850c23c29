package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.DecisionViews;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.control.Views;
import io.jdrbd.resource.Decision;
import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** {@code explain}: how a resource is, in sentences, and why. */
final class ExplainCommand implements Command {
  private static final String NAME = "explain";

  @Override
  public Syntax spec() {
    return Parameters.command(
            NAME, "Tell in words how a resource is, what was decided lately, and why.")
        .addPositional(PeerArguments.resource());
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    String name = arguments.positional(0, "");
    try (ControlClient daemon = surroundings.connect()) {
      Reply reply = ask(daemon, name);
      if (!(reply instanceof Reply.Done done)) {
        surroundings.err().print(Messages.of(name, reply));
        return ExitCode.of(reply);
      }
      List<ResourceView> resources =
          Views.resources(Snapshot.data(daemon.call(Snapshot.COMMAND, Json.Obj.empty())));
      ExplainText text = new ExplainText(ZoneId.systemDefault());
      List<Decision> decisions = DecisionViews.decisions(done.data());
      Snapshot.choose(resources, Optional.of(name))
          .forEach(resource -> surroundings.out().print(text.of(resource, decisions)));
    }
    return ExitCode.OK;
  }

  private static Reply ask(ControlClient daemon, String resource) throws IOException {
    return daemon.call(NAME, Json.Obj.empty().with("resource", resource));
  }

  /** The last decision about a connection, if any is remembered. */
  static Optional<Decision> last(Surroundings surroundings, String resource, String connection)
      throws IOException {
    try (ControlClient daemon = surroundings.connect()) {
      return ask(daemon, resource) instanceof Reply.Done done
          ? DecisionViews.decisions(done.data()).stream()
              .filter(decision -> decision.subject().equals("connection " + connection))
              .reduce((earlier, later) -> later)
          : Optional.empty();
    }
  }
}
