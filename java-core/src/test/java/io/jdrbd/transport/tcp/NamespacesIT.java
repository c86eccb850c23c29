package io.jdrbd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes in two network namespaces, joined by two cables. Needs root, as CI has it. */
class NamespacesIT {
  private static final long WAIT_S = 60;
  private static final String PATH_0 = "10.0.0.1:7789 -> 10.0.0.2:7789";
  private static final String PATH_1 = "10.1.0.1:7789 -> 10.1.0.2:7789";
  private static final String[] ALPHA_PATHS = {"10.0.0.1", "10.0.0.2", "10.1.0.1", "10.1.0.2"};
  private static final String[] BRAVO_PATHS = {"10.0.0.2", "10.0.0.1", "10.1.0.2", "10.1.0.1"};

  private final String alpha = "jdrbd-a-" + ProcessHandle.current().pid();
  private final String bravo = "jdrbd-b-" + ProcessHandle.current().pid();
  private final List<Peer> peers = new ArrayList<>();

  @BeforeEach
  void plugIn() throws Exception {
    ip("netns add " + alpha);
    ip("netns add " + bravo);
    ip("-n %s link set lo up".formatted(alpha));
    ip("-n %s link set lo up".formatted(bravo));
    for (int cable = 0; cable < 2; cable++) {
      String name = "c" + cable;
      ip(
          "link add %s netns %s type veth peer name %s netns %s"
              .formatted(name, alpha, name, bravo));
      ip("-n %s addr add 10.%d.0.1/24 dev %s".formatted(alpha, cable, name));
      ip("-n %s addr add 10.%d.0.2/24 dev %s".formatted(bravo, cable, name));
      cable(cable, "up");
      ip("-n %s link set %s up".formatted(bravo, name));
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    for (Peer peer : peers) {
      peer.kill();
    }
    ip("netns del " + alpha);
    ip("netns del " + bravo);
  }

  private static void ip(String command) throws Exception {
    List<String> words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(command.split(" ", -1)));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("ip %s: %s", command, output).isZero();
  }

  /** Plugs a cable in, or pulls it out. */
  private void cable(int number, String state) throws Exception {
    ip("-n %s link set c%d %s".formatted(alpha, number, state));
  }

  private Peer start(String namespace, String... ips) throws IOException {
    Peer peer = new Peer(namespace, ips);
    peers.add(peer);
    return peer;
  }

  @Test
  void theyConnectAgainAfterEachKindOfTrouble() throws Exception {
    Peer one = start(alpha, ALPHA_PATHS);
    Peer other = start(bravo, BRAVO_PATHS);
    one.await("connected " + PATH_0);
    other.await("connected ");

    cable(0, "down");
    one.await("lost");
    other.await("lost");
    one.await("connected " + PATH_1);
    other.await("connected ");

    cable(0, "up");
    cable(1, "down");
    one.await("connected " + PATH_0);
    other.await("connected ");

    cable(0, "down");
    one.await("lost");
    other.await("lost");
    cable(1, "up");
    one.await("connected " + PATH_1);
    other.await("connected ");
  }

  @Test
  void aProcessThatIsKilledAndStartedAgainIsFound() throws Exception {
    Peer one = start(alpha, ALPHA_PATHS);
    one.await("waiting " + PATH_0 + ": Connection refused");
    start(bravo, BRAVO_PATHS).await("connected ");
    one.await("connected ");
    for (int i = 0; i < 2; i++) {
      peers.getLast().kill();
      one.await("lost");
      start(bravo, BRAVO_PATHS).await("connected ");
      one.await("connected ");
    }
  }

  @Test
  void anAddressThatComesLaterIsUsed() throws Exception {
    ip("-n %s addr del 10.0.0.1/24 dev c0".formatted(alpha));
    Peer one = start(alpha, "10.0.0.1", "10.0.0.2");
    Peer other = start(bravo, "10.0.0.2", "10.0.0.1");
    one.await("waiting cannot listen on 10.0.0.1:7789: Cannot assign requested address");
    ip("-n %s addr add 10.0.0.1/24 dev c0".formatted(alpha));
    one.await("connected " + PATH_0);
    other.await("connected ");
  }

  /** A process that plays a node, and what it has said. */
  private static final class Peer {
    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final List<String> heard = new ArrayList<>();

    Peer(String namespace, String... ips) throws IOException {
      List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-XX:TieredStopAtLevel=1",
              "-Xmx64m",
              "-cp",
              System.getProperty("java.class.path"),
              PeerProcess.class.getName()));
      command.addAll(List.of(ips));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Thread.ofPlatform().daemon(true).start(this::listen);
    }

    private void listen() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.add(line);
        }
      } catch (IOException e) {
        said.add("its output ended: " + e.getMessage());
      }
    }

    /** Passes over what it says until a line begins so. */
    void await(String start) throws InterruptedException {
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
      String line = "";
      while (!line.startsWith(start)) {
        String next = said.poll(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(next).as("\"%s\" was not said, but %s", start, heard).isNotNull();
        line = next;
        heard.add(line);
      }
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }
}
