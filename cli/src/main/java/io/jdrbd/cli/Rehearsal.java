package io.jdrbd.cli;

import io.jdrbd.daemon.KernelSupport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what is usual while the JVM records what it needs, for the caches that make later starts
 * quick. Run by the launcher after a build, twice at a time: one process is a daemon, the other one
 * gives it all the commands.
 */
final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final long DISK_BYTES = 1 << 20;

  private Rehearsal() {}

  /**
   * Runs the daemon, or the commands.
   *
   * @param args {@code daemon --run-dir DIR} and further options of it, or {@code --run-dir DIR}
   */
  public static void main(String[] args) throws IOException {
    if (args[0].equals("daemon")) {
      KernelSupport.rehearse();
      Main.main(args);
    } else {
      runCommands(args);
    }
  }

  private static void runCommands(String[] args) throws IOException {
    Path runDir = Path.of(args[1]);
    Path disk = runDir.resolve("disk");
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(runDir.resolve("control.sock")) && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    for (List<String> command : commands(disk)) {
      List<String> words = new ArrayList<>(command);
      words.addAll(List.of(args));
      Main.run(words);
    }
  }

  private static List<List<String>> commands(Path disk) {
    return List.of(
        List.of("new-resource", "rehearsal", "0"),
        List.of("resource-options", "rehearsal", "--quorum=off"),
        List.of("new-minor", "rehearsal", "0", "0", "--device", "none"),
        List.of("attach", "0", disk.toString(), "--no-metadata"),
        List.of("primary", "rehearsal"),
        List.of("detach", "0"),
        List.of("status", "-v", "-s"),
        List.of("status", "--json"),
        List.of("role", "rehearsal"),
        List.of("dstate", "0"),
        List.of("show", "--show-defaults"),
        List.of("events2", "--now", "--statistics"),
        List.of("export", "list"),
        List.of("secondary", "rehearsal"),
        List.of("down", "rehearsal"),
        List.of("--help"));
  }
}
