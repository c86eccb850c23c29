package io.jdrbd.transport;

import java.util.HashSet;
import java.util.List;

/**
 * Whom to connect with, and how.
 *
 * @param name of the connection, for logs: {@code r0/bravo}
 * @param paths at least one, all different; tried in this order, and listened on all at once
 */
public record ConnectPlan(String name, List<PathAddresses> paths, TransportOptions options) {

  /**
   * Checks the paths.
   *
   * @throws IllegalArgumentException there is none, or one twice
   */
  public ConnectPlan {
    paths = List.copyOf(paths);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("connection %s has no path".formatted(name));
    }
    if (new HashSet<>(paths).size() < paths.size()) {
      throw new IllegalArgumentException(
          "connection %s has the same path twice: %s".formatted(name, paths));
    }
  }
}
