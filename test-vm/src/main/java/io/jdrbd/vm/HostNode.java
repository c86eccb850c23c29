package io.jdrbd.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A jdrbd daemon on the host, with the launcher and the jars that people get, and a run directory
 * of its own. It listens on a TCP port of the loopback, which guests reach as {@value
 * Guest#HOST_ADDRESS}. Closing it ends the daemon.
 */
public final class HostNode implements AutoCloseable {

  private static final String SOCKET = "nbd.sock";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Path directory;
  private final int port;
  private final Process daemon;
  private final Thread killer;

  private HostNode(Path directory, int port, Process daemon) {
    this.directory = directory;
    this.port = port;
    this.daemon = daemon;
    this.killer = new Thread(daemon::destroyForcibly, "kill-daemon");
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts a daemon and waits until it is ready.
   *
   * @param directory where it keeps its state and its log; must exist
   * @throws GuestException if it does not get ready; the message has its log
   */
  public static HostNode start(Path directory) {
    int port = FreePort.find();
    return start(directory, port, daemonCommand("tcp:127.0.0.1:" + port));
  }

  /**
   * Starts a daemon in a network namespace; its NBD server listens on {@link #socket} instead.
   *
   * @param directory where it keeps its state and its log; a daemon that was there before is
   *     restored
   * @throws GuestException if it does not get ready; the message has its log
   */
  public static HostNode start(Path directory, HostNamespace namespace) {
    List<String> command = daemonCommand("unix:" + directory.resolve(SOCKET));
    return start(directory, 0, namespace.inside(command));
  }

  private static List<String> daemonCommand(String listen) {
    return command("daemon", "--listen", listen, "--memory", "16", "--ready-fd", "1");
  }

  private static HostNode start(Path directory, int port, List<String> command) {
    ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(log(directory).toFile());
    try {
      Process daemon = builder(directory, command).redirectError(log).start();
      HostNode node = new HostNode(directory, port, daemon);
      node.awaitReady();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a daemon in " + directory, e);
    }
  }

  /** The Unix socket of the NBD server of a daemon in a namespace. */
  public Path socket() {
    return directory.resolve(SOCKET);
  }

  /** The TCP port of its NBD server, or 0 of a daemon in a namespace. */
  public int port() {
    return port;
  }

  /**
   * Makes a resource with one volume, number 0, on this file, promotes it, and so offers it by NBD
   * as {@code NAME/0}.
   */
  public void offer(String resource, int minor, Path file) {
    run("new-resource", resource, "0");
    run("new-minor", resource, Integer.toString(minor), "0", "--device", "none");
    run("attach", Integer.toString(minor), file.toString(), "--no-metadata");
    run("primary", resource);
  }

  /**
   * Runs a command that must succeed.
   *
   * @throws GuestException if its exit code is not 0, or it does not end within 60 s
   */
  public String run(String... arguments) {
    return HostProgram.run(builder(directory, command(arguments)));
  }

  /** What the daemon has logged so far. */
  public String log() {
    try {
      return Files.readString(log(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the daemon's log", e);
    }
  }

  private void awaitReady() throws IOException {
    BufferedReader stdout = daemon.inputReader();
    CompletableFuture<Boolean> ready =
        CompletableFuture.supplyAsync(() -> stdout.lines().anyMatch("ready"::equals));
    try {
      if (!ready.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("the daemon ended");
      }
    } catch (TimeoutException | ExecutionException e) {
      daemon.destroyForcibly();
      throw new GuestException("the daemon did not get ready; its log: " + log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    }
  }

  private GuestException failure(String message) {
    return new GuestException(message + "\n--- the daemon's log:\n" + log());
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(JdrbdImage.directory().resolve("bin/jdrbd").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static ProcessBuilder builder(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JDRBD_RUN_DIR", directory.resolve("run").toString());
    return builder;
  }

  private static Path log(Path directory) {
    return directory.resolve("daemon.log");
  }

  /** Kills the daemon as kill -9 does, and waits for its end. */
  public void kill() {
    try {
      daemon.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    }
  }

  /** Asks the daemon to end, and waits for it. */
  @Override
  public void close() {
    daemon.destroy();
    try {
      if (!daemon.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        daemon.destroyForcibly();
        throw failure("the daemon did not end when asked to");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    }
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}
