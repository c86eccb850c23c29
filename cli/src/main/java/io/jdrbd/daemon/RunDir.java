package io.jdrbd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Where a daemon keeps its sockets and its state; whoever may write there is its master.
 *
 * @param path the directory
 */
public record RunDir(Path path) {
  private static final String MODE = "rwxr-x---";
  private static final Path OF_ROOT = Path.of("/run/jdrbd");

  /**
   * The directory that was named, else that of JDRBD_RUN_DIR, else /run/jdrbd for root and
   * $XDG_RUNTIME_DIR/jdrbd for others.
   */
  public static RunDir choose(Optional<String> named) {
    Map<String, String> environment = System.getenv();
    return new RunDir(
        named
            .or(() -> Optional.ofNullable(environment.get("JDRBD_RUN_DIR")))
            .map(Path::of)
            .orElseGet(() -> byUser(environment))
            .toAbsolutePath()
            .normalize());
  }

  private static Path byUser(Map<String, String> environment) {
    String runtime = environment.get("XDG_RUNTIME_DIR");
    return isRoot() || runtime == null ? OF_ROOT : Path.of(runtime, "jdrbd");
  }

  /** Whether this process may do what only root may; a container's root counts. */
  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The socket that commands use. */
  public Path controlSocket() {
    return path.resolve("control.sock");
  }

  /** The socket on which exports are served unless said otherwise. */
  public Path nbdSocket() {
    return path.resolve("nbd.sock");
  }

  /** A link to the configuration file with which a resource was brought up, if it was with one. */
  public Path configurationOf(String resource) {
    return path.resolve("drbd-resource-%s.conf".formatted(resource));
  }

  /** What is configured, to be there again after a restart. */
  Path stateFile() {
    return path.resolve("state.json");
  }

  /**
   * Where former sizes of devices are remembered: by the daemon of the machine where drbd-utils do,
   * so that it outlives the machine's next start; by any other in its own directory.
   */
  public Path formerSizes() {
    return path.equals(OF_ROOT) ? Path.of("/var/lib/drbd") : path;
  }

  /** Held by the one daemon that uses the directory. */
  Path lockFile() {
    return path.resolve("lock");
  }

  /**
   * Makes the directory if it is not there, for its owner and group.
   *
   * @throws DaemonException if it cannot be made
   */
  void create() throws DaemonException {
    try {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
    } catch (IOException e) {
      throw new DaemonException(
          "the run directory %s cannot be made (%s); name another one with --run-dir"
              .formatted(path, e),
          e);
    }
  }
}
