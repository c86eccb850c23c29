package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.argument;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code get-gi} and {@code show-gi}: the generation identifiers of an attached disk towards a node
 * (spec 7, section 8.2). Answers for nodes that are not configured, too.
 *
 * @param name of the command
 * @param drawn with the drawing of show-gi
 */
record GenerationsCommand(String name, boolean drawn) implements Command {
  private static final int NODE_MAX = 31;
  private static final int NO_DISK = 1;

  static GenerationsCommand line() {
    return new GenerationsCommand("get-gi", false);
  }

  static GenerationsCommand drawing() {
    return new GenerationsCommand("show-gi", true);
  }

  @Override
  public Syntax spec() {
    return Parameters.command(name, "Show the generation identifiers of a volume towards a peer.")
        .addPositional(argument("RESOURCE", "Its name."))
        .addPositional(argument("PEER_NODE_ID", "The node id of the peer, 0 to 31."))
        .addPositional(argument("VOLUME", "The number of the volume."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    String resource = arguments.positional(0, "");
    int peer = Numbers.parse("PEER_NODE_ID", arguments.positional(1, ""));
    int number = Numbers.parse("VOLUME", arguments.positional(2, ""));
    Optional<VolumeView> volume =
        Snapshot.take(surroundings).stream()
            .filter(view -> view.name().equals(resource) && view.nodeId() != peer)
            .map(ResourceView::volumes)
            .flatMap(volumes -> volumes.stream().filter(view -> view.volume() == number))
            .findFirst();
    if (volume.isEmpty() || peer > NODE_MAX) {
      surroundings.err().printf("%s: No such peer device%n", resource);
      return ExitCode.REFUSED;
    }
    Json.Obj asked =
        Json.Obj.empty()
            .with("resource", resource)
            .with("volume", number)
            .with("peer-node-id", peer)
            .with("drawn", drawn);
    try (ControlClient daemon = surroundings.connect()) {
      return print(daemon.call("generations", asked), surroundings);
    }
  }

  private static int print(Reply reply, Surroundings surroundings) {
    Optional<String> text =
        reply instanceof Reply.Done done ? done.data().optionalText("text") : Optional.empty();
    if (text.isEmpty()) {
      surroundings.err().println("Device has no disk");
      return NO_DISK;
    }
    surroundings.out().print(text.get());
    return ExitCode.OK;
  }
}
