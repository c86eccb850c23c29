package io.jdrbd.nbd.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the programs of others, bounded in time; what they printed is in the failure. */
public final class Programs {
  private static final long TIMEOUT_S = 120;

  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("nbdinfo", "libnbd-bin"),
          Map.entry("nbdcopy", "libnbd-bin"),
          Map.entry("nbdfuse", "nbdfuse"),
          Map.entry("/usr/bin/python3", "python3-libnbd"),
          Map.entry("qemu-img", "qemu-utils"),
          Map.entry("qemu-io", "qemu-utils"),
          Map.entry("fio", "fio"),
          Map.entry("openssl", "openssl"),
          Map.entry("losetup", "mount"),
          Map.entry("mount", "mount"),
          Map.entry("umount", "mount"),
          Map.entry("fusermount3", "fuse3"),
          Map.entry("mkfs.ext4", "e2fsprogs"),
          Map.entry("fsck.ext4", "e2fsprogs"));

  private Programs() {}

  /**
   * A program's end.
   *
   * @param output what it wrote to standard output and error
   */
  public record Result(int exitCode, String output) {}

  /** Runs a program that must succeed; answers its output. */
  public static String run(String... command) {
    Result result = tryRun(command);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "%s: exit code %d%n%s"
              .formatted(String.join(" ", command), result.exitCode(), result.output()));
    }
    return result.output();
  }

  /** Runs a program that may fail. */
  public static Result tryRun(String... command) {
    try {
      Path output = Files.createTempFile("jdrbd-program", ".log");
      try {
        return run(output, command);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a program that goes on while the test does; its output is the test's. */
  public static Process start(String... command) {
    try {
      return builder(command).inheritIO().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Result run(Path output, String... command) throws IOException {
    Process process =
        builder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended) {
        throw new AssertionError(
            "%s: not done after %d s%n%s".formatted(String.join(" ", command), TIMEOUT_S, text));
      }
      return new Result(process.exitValue(), text);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted: " + String.join(" ", command), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder builder(String... command) {
    String program = command[0];
    if (find(program).isEmpty()) {
      throw new AssertionError(
          "%s is missing: apt-get install %s"
              .formatted(program, PACKAGES.getOrDefault(program, program)));
    }
    return new ProcessBuilder(command);
  }

  private static Optional<Path> find(String program) {
    if (program.startsWith("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
