package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.ShownResource;
import java.io.IOException;
import java.util.Optional;

/** What is running, in the words of the configuration. */
final class Running {
  private Running() {}

  /** A resource of the daemon; empty if it is not there, or there is no daemon. */
  static Optional<ShownResource> find(String name, Surroundings surroundings)
      throws ConfException, IOException {
    StringBuilder text = new StringBuilder();
    try {
      ShowText show = new ShowText(false);
      Snapshot.choose(Snapshot.take(surroundings), Optional.of(name))
          .forEach(resource -> text.append(show.of(resource)));
    } catch (DaemonMissingException none) {
      return Optional.empty();
    }
    return ShownResource.read(text.toString()).stream().findFirst();
  }
}
