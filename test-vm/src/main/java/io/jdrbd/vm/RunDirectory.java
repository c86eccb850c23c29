package io.jdrbd.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a guest keeps its disks, sockets and console. It is below /tmp, since the path of a Unix
 * socket is short, and goes with the guest; the console is kept in {@code target/vm}.
 *
 * @param path the directory
 */
record RunDirectory(Path path) {

  private static final Path LOGS = Path.of(System.getProperty("jdrbd.vm.logs", "target/vm"));

  static RunDirectory create(String guestName) {
    try {
      return new RunDirectory(Files.createTempDirectory("jdrbd-vm-" + guestName + "-"));
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for guest " + guestName, e);
    }
  }

  Path console() {
    return path.resolve("console.log");
  }

  Path qemuLog() {
    return path.resolve("qemu.log");
  }

  Path agentSocket() {
    return path.resolve("agent.sock");
  }

  Path monitorSocket() {
    return path.resolve("monitor.sock");
  }

  /** Keeps the console as {@code target/vm/NAME-NUMBER.log} and deletes the rest. */
  void dispose() {
    try {
      Files.createDirectories(LOGS);
      if (Files.exists(console())) {
        Files.copy(console(), LOGS.resolve(path.getFileName() + ".log"));
      }
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean up " + path, e);
    }
  }
}
