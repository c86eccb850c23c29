package io.jdrbd.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Records what goes over the cable, by tcpdump, and has tshark read it. */
final class Sniffer implements AutoCloseable {
  private static final long PATIENCE_S = 30;

  private final Path file;
  private final Process tcpdump;

  private Sniffer(Path file, Process tcpdump) {
    this.file = file;
    this.tcpdump = tcpdump;
  }

  /** Listens from now on. */
  static Sniffer start(HostNamespace namespace, Path file) {
    List<String> command =
        namespace.inside(
            List.of(
                "tcpdump",
                "-i",
                HostNamespace.TAP,
                "-s",
                "0",
                "-Z",
                "root",
                "-w",
                file.toString()));
    try {
      Process tcpdump = new ProcessBuilder(command).start();
      BufferedReader said = tcpdump.errorReader();
      String line = said.readLine();
      while (line != null && !line.contains("listening on")) {
        line = said.readLine();
      }
      if (line == null) {
        throw new GuestException("tcpdump does not listen on " + HostNamespace.TAP);
      }
      return new Sniffer(file, tcpdump);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run tcpdump", e);
    }
  }

  /** What tshark takes for malformed, or for a fault of an expert's kind: a line for each frame. */
  List<String> faults() {
    return tshark("_ws.malformed || _ws.expert.severity == \"Error\"").lines().toList();
  }

  /**
   * The numbers of the packets that this address has sent: {@code 0x0016}. Where a frame has
   * several packets, tshark passes some over.
   */
  Set<String> commandsFrom(String address) {
    String fields = tshark("drbd && ip.src == " + address, "-T", "fields", "-e", "drbd.command");
    return new TreeSet<>(Arrays.asList(fields.split("[,\\s]+")));
  }

  private String tshark(String filter, String... more) {
    String[] command = {
      "tshark", "-r", file.toString(), "--enable-heuristic", "drbd_tcp", "-Q", "-Y", filter
    };
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return HostProgram.run(all)
        .lines()
        .filter(line -> !line.startsWith("Running as user"))
        .reduce("", (text, line) -> text + line + "\n");
  }

  /** Stops listening; all that it has heard is in the file. */
  @Override
  public void close() {
    tcpdump.destroy();
    try {
      if (!tcpdump.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        tcpdump.destroyForcibly();
        throw new GuestException("tcpdump did not end when asked to");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuestException("interrupted while tcpdump ended", e);
    }
  }
}
