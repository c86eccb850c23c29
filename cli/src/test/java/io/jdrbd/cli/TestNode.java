package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
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
  private Program daemon;

  private TestNode(Path directory) throws IOException {
    this.directory = directory;
    this.daemon = Program.start(builder(directory, "daemon"));
  }

  /** What a program came to. */
  record Result(int exit, String out, String err) {}

  /** A program that goes on, and what it prints. */
  record Program(Process process, ProgramOutput output) implements AutoCloseable {
    static Program start(ProcessBuilder builder) throws IOException {
      Process process = builder.redirectErrorStream(true).start();
      return new Program(process, new ProgramOutput(process));
    }

    /** Waits until it has printed all of these in this order. */
    void await(String... wanted) throws InterruptedException {
      output.await(PATIENCE, wanted);
    }

    /** Kills it. By its handle: {@link Process} would close what its output is read from, too. */
    @Override
    public void close() {
      process.toHandle().destroyForcibly();
      process.onExit().join();
    }
  }

  static TestNode start(Path directory) throws IOException, InterruptedException {
    TestNode node = new TestNode(directory);
    node.awaitReady();
    return node;
  }

  /** A command of the launcher that belongs to the node of this directory, which names its host. */
  static ProcessBuilder builder(Path directory, String... words) {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JDRBD_RUN_DIR", directory.resolve("run").toString());
    builder.environment().put("__DRBD_NODE__", directory.getFileName().toString());
    return builder;
  }

  private void awaitReady() throws InterruptedException {
    daemon.await(" ready\n");
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

  /** Starts a command that goes on. */
  Program begin(String... words) throws IOException {
    return Program.start(builder(directory, words));
  }

  /** A file of this size; one that is there is made longer. */
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

  /** What the daemon has logged since its last start. */
  String log() {
    return daemon.output().text();
  }

  void kill() {
    daemon.close();
  }

  void terminate() throws InterruptedException {
    daemon.process().toHandle().destroy();
    assertThat(daemon.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  void restart() throws IOException, InterruptedException {
    daemon = Program.start(builder(directory, "daemon"));
    awaitReady();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
