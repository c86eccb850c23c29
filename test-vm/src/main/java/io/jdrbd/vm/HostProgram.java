package io.jdrbd.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs programs on the host, bounded in time. */
public final class HostProgram {

  private static final int TIMEOUT_SECONDS = 60;

  private HostProgram() {}

  /**
   * Runs a program that must succeed within 60 s.
   *
   * @return its standard output and error
   * @throws GuestException if its exit code is not 0, or it does not end in time
   */
  public static String run(String... command) {
    return run(new ProcessBuilder(command));
  }

  /** Like {@link #run(String...)}, for a program that wants an environment of its own. */
  static String run(ProcessBuilder builder) {
    String what = String.join(" ", builder.command());
    try {
      Path output = Files.createTempFile("jdrbd-output-", ".txt");
      try {
        return run(builder.redirectErrorStream(true).redirectOutput(output.toFile()), what, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuestException("interrupted while it ran: " + what, e);
    }
  }

  private static String run(ProcessBuilder builder, String what, Path output)
      throws IOException, InterruptedException {
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new GuestException(
          "no end within " + TIMEOUT_SECONDS + " s: " + what + "\n" + Files.readString(output));
    }
    String text = Files.readString(output);
    if (process.exitValue() != 0) {
      throw new GuestException("exit code " + process.exitValue() + ": " + what + "\n" + text);
    }
    return text;
  }
}
