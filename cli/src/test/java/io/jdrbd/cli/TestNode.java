package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A daemon of its own, started and commanded through the launcher as a person would. */
final class TestNode implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("..", "jdrbd").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path directory;
  private Process daemon;

  private TestNode(Path directory, Process daemon) {
    this.directory = directory;
    this.daemon = daemon;
  }

  /** What a program came to. */
  record Result(int exit, String out, String err) {}

  static TestNode start(Path directory) throws IOException, InterruptedException {
    TestNode node = new TestNode(directory, startProcess(directory));
    node.awaitReady();
    return node;
  }

  private static Process startProcess(Path directory) throws IOException {
    return builder(directory, "daemon")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  /** A command of the launcher that belongs to the node of this directory. */
  static ProcessBuilder builder(Path directory, String... words) {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JDRBD_RUN_DIR", directory.resolve("run").toString());
    return builder;
  }

  /** Waits until the daemon has said that it is ready. */
  private void awaitReady() throws IOException, InterruptedException {
    await(
        () -> {
          assertThat(daemon.isAlive()).as("the daemon runs; it said: %s", log()).isTrue();
          return log().contains(" ready\n");
        });
  }

  /** Something that becomes true. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until the condition holds. */
  static void await(Condition condition) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("it comes in time").isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Runs a command of jdrbd against this node. */
  Result jdrbd(String... words) throws IOException, InterruptedException {
    return run(builder(directory, words), directory);
  }

  /** Runs a command that must succeed, and answers what it printed. */
  String succeeds(String... words) throws IOException, InterruptedException {
    Result result = jdrbd(words);
    assertThat(result).as("%s", String.join(" ", words)).isEqualTo(new Result(0, result.out(), ""));
    return result.out();
  }

  /** Runs any program that ends by itself. */
  static Result run(ProcessBuilder builder, Path directory)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(builder.command() + " did not end in time");
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Starts a command that goes on; its output goes to the file. */
  Process begin(Path out, String... words) throws IOException {
    return builder(directory, words).redirectErrorStream(true).redirectOutput(out.toFile()).start();
  }

  /** A file of some size that is not there yet. */
  Path disk(String name, long bytes) throws IOException {
    Path file = directory.resolve(name);
    try (var channel = new RandomAccessFile(file.toFile(), "rw")) {
      channel.setLength(bytes);
    }
    return file;
  }

  Path runDir() {
    return directory.resolve("run");
  }

  String log() throws IOException {
    return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
  }

  void kill() throws InterruptedException {
    daemon.destroyForcibly().waitFor();
  }

  void terminate() throws InterruptedException {
    daemon.destroy();
    assertThat(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  void restart() throws IOException, InterruptedException {
    daemon = startProcess(directory);
    awaitReady();
  }

  @Override
  public void close() {
    daemon.destroyForcibly().onExit().join();
  }
}
