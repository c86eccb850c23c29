package io.jdrbd.resource;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which paths may be made and removed (spec 1.1.2, new-path and del-path). */
final class PathRules {
  private PathRules() {}

  /**
   * May this connection have such a path?
   *
   * @param resources all of this node
   */
  static Verdict create(
      Connection connection, Endpoint local, Endpoint peer, Collection<Resource> resources) {
    if (!local.family().equals(peer.family())) {
      return Verdict.refused(
          ConfigError.INVALID_REQUEST,
          "%s is %s, %s is not".formatted(local, local.family(), peer));
    }
    List<Path> all =
        resources.stream()
            .flatMap(resource -> resource.connections().stream())
            .flatMap(any -> any.paths().stream())
            .toList();
    return refuse(all, path -> path.joins(local, peer), ConfigError.LOCAL_AND_PEER_ADDR)
        .or(
            () ->
                refuse(
                    all,
                    path -> isForeign(connection, path) && path.local().equals(local),
                    ConfigError.LOCAL_ADDR))
        .or(
            () ->
                refuse(
                    all,
                    path -> isForeign(connection, path) && path.peer().equals(peer),
                    ConfigError.PEER_ADDR))
        .or(
            () ->
                refuse(
                    all,
                    path -> isAmbiguous(connection, path, local, peer),
                    ConfigError.PATH_COLLISION))
        .orElseGet(() -> Verdict.passed("nobody else uses these addresses"));
  }

  private static Optional<Verdict> refuse(
      List<Path> all, Predicate<Path> collides, ConfigError error) {
    return all.stream()
        .filter(collides)
        .findFirst()
        .map(path -> Verdict.refused(error, "%s has %s".formatted(path.connection(), path)));
  }

  private static boolean isForeign(Connection connection, Path path) {
    return path.connection().resource() != connection.resource();
  }

  /** A peer that comes to such an address could not be told from another one by where it is. */
  private static boolean isAmbiguous(
      Connection connection, Path path, Endpoint local, Endpoint peer) {
    return path.connection() != connection
        && !isForeign(connection, path)
        && path.connection().options().transport().equals(connection.options().transport())
        && path.local().equals(local)
        && path.peer().ip().equals(peer.ip());
  }

  /** May this path be removed? */
  static Verdict remove(Path path) {
    Connection connection = path.connection();
    if (connection.isUp() && connection.paths().size() == 1) {
      return Verdict.refused(
          ConfigError.INVALID_REQUEST,
          "it is the last path, and the connection is %s; disconnect first"
              .formatted(connection.state().word()));
    }
    if (path.established()) {
      return Verdict.refused(
          ConfigError.INVALID_REQUEST, "the connection runs over it; disconnect first");
    }
    return Verdict.passed("it is not in use");
  }
}
