package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.control.Views;
import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

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
    return switch (reply) {
      case Reply.Done done -> done.data();
      case Reply.Refused refused -> throw new IOException(refused.text() + ": " + refused.info());
      case Reply.Failed failed -> throw new IOException(failed.message());
    };
  }

  /** The name that was given as the first argument, unless it means all. */
  static Optional<String> nameIn(ParseResult arguments) {
    return Optional.of(arguments.matchedPositionalValue(0, "all"))
        .filter(name -> !name.equals("all"));
  }

  static List<ResourceView> choose(List<ResourceView> resources, Optional<String> name) {
    return resources.stream()
        .filter(resource -> name.isEmpty() || resource.name().equals(name.get()))
        .toList();
  }
}
