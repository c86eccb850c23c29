package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.control.Views;
import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The daemon's resources at one moment. */
final class Snapshot {
  static final String COMMAND = "status";

  private Snapshot() {}

  static List<ResourceView> take(Surroundings surroundings) throws IOException {
    try (ControlClient daemon = surroundings.connect()) {
      return Views.resources(data(daemon.call(COMMAND, Json.Obj.empty())));
    }
  }

  /** What a query brought. */
  static Json.Obj data(Reply reply) throws IOException {
    if (reply instanceof Reply.Done done) {
      return done.data();
    }
    throw new IOException(Messages.of("daemon", reply).strip());
  }

  /** The name that was given as the first argument, unless it means all. */
  static Optional<String> nameIn(Arguments arguments) {
    return Optional.of(arguments.positional(0, "all")).filter(name -> !name.equals("all"));
  }

  static List<ResourceView> choose(List<ResourceView> resources, Optional<String> name) {
    return resources.stream()
        .filter(resource -> name.isEmpty() || resource.name().equals(name.get()))
        .toList();
  }
}
