package io.jdrbd.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The container engine that Testcontainers talks to: the one that runs on this machine, or, for
 * root, a dockerd of the tests' own. That one lives in a network namespace of its own, so that its
 * bridges and rules touch nothing outside, and no registry is within its reach.
 */
final class ContainerEngine implements AutoCloseable {

  private static final int START_SECONDS_MAX = 60;
  private static final int STOP_SECONDS_MAX = 60;

  private static final String DOCKERD =
      """
      busybox ip link set lo up
      exec dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" \
        --host "unix://$1/docker.sock" --iptables=false --ip6tables=false
      """;

  private final Optional<OwnDockerd> own;

  private record OwnDockerd(Process process, Path directory, Queue<String> logLines) {
    String log() {
      return String.join("\n", logLines);
    }
  }

  private ContainerEngine(Optional<OwnDockerd> own) {
    this.own = own;
  }

  /**
   * Finds an engine that runs, or starts one as root. To be called before Testcontainers is used.
   *
   * @return empty if there is none and this user cannot start one
   * @throws IllegalStateException if the one that was started does not work; the message has its
   *     log
   */
  static Optional<ContainerEngine> findOrStart() {
    if (System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"))) {
      return Optional.of(new ContainerEngine(Optional.empty()));
    }
    return System.getProperty("user.name").equals("root") ? Optional.of(start()) : Optional.empty();
  }

  private static ContainerEngine start() {
    try {
      Path directory = Files.createTempDirectory("jdrbd-docker-");
      Process process = new ProcessBuilder(command(directory)).redirectErrorStream(true).start();
      OwnDockerd dockerd = new OwnDockerd(process, directory, new ConcurrentLinkedQueue<>());
      CountDownLatch listensOrEnded = new CountDownLatch(1);
      Thread.ofPlatform().daemon().name("dockerd-log").start(() -> follow(dockerd, listensOrEnded));
      ContainerEngine engine = new ContainerEngine(Optional.of(dockerd));
      boolean heard = listensOrEnded.await(START_SECONDS_MAX, TimeUnit.SECONDS);
      if (!heard || !process.isAlive()) {
        engine.close();
        throw new IllegalStateException("dockerd does not start; its log:\n" + dockerd.log());
      }
      OwnEngineStrategy.use(URI.create("unix://" + directory.resolve("docker.sock")));
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start dockerd (Debian package docker.io)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while dockerd started", e);
    }
  }

  /** Should this JVM be killed, the kernel ends dockerd, too. */
  private static List<String> command(Path directory) {
    return List.of(
        "setpriv",
        "--pdeathsig",
        "TERM",
        "unshare",
        "--net",
        "--mount",
        "sh",
        "-c",
        DOCKERD,
        "dockerd",
        directory.toString());
  }

  private static void follow(OwnDockerd dockerd, CountDownLatch listensOrEnded) {
    try (BufferedReader log = dockerd.process().inputReader()) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        dockerd.logLines().add(line);
        if (line.contains("API listen on")) {
          listensOrEnded.countDown();
        }
      }
    } catch (IOException e) {
      dockerd.logLines().add("the log ends: " + e);
    }
    listensOrEnded.countDown();
  }

  /** Ends the engine if it is the tests' own. */
  @Override
  public void close() {
    own.ifPresent(ContainerEngine::stop);
  }

  private static void stop(OwnDockerd dockerd) {
    dockerd.process().destroy();
    try {
      if (!dockerd.process().waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        dockerd.process().destroyForcibly();
        throw new IllegalStateException("dockerd does not end; its log:\n" + dockerd.log());
      }
      deleteTree(dockerd.directory());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean up " + dockerd.directory(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while dockerd ended", e);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
