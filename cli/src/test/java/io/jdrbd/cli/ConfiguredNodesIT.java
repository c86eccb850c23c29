package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on this machine, as one configuration file has them. */
class ConfiguredNodesIT {
  private static final long DISK_BYTES = 8 << 20;

  @TempDir private Path directory;
  private Path configuration;

  @Test
  void comeUpReplicateAndChangeRoles() throws Exception {
    try (TestNode alpha = TestNode.start(Files.createDirectory(directory.resolve("alpha")));
        TestNode bravo = TestNode.start(Files.createDirectory(directory.resolve("bravo")))) {
      configuration =
          Files.writeString(directory.resolve("drbd.conf"), configuration(alpha, bravo));
      for (String node : List.of("alpha", "bravo")) {
        succeeds(node, "create-md", "--force", "r0");
        succeeds(node, "up", "r0");
      }
      succeeds("alpha", "wait-connect", "--wfc-timeout=60", "r0");
      succeeds("alpha", "primary", "--force", "r0");
      program("qemu-io", "-f", "raw", "-c", "write -P 0x5a 4096 8192", uri(alpha));
      succeeds("bravo", "wait-sync", "--wfc-timeout=60", "r0");
      assertThat(succeeds("bravo", "dstate", "r0")).isEqualTo("UpToDate/UpToDate\n");
      assertThat(succeeds("bravo", "cstate", "r0:alpha")).isEqualTo("Connected\n");
      assertThat(succeeds("bravo", "role", "r0:alpha")).isEqualTo("Primary\n");

      succeeds("alpha", "secondary", "r0");
      assertThat(run("bravo", "primary", "r0/0").exit()).isEqualTo(1);
      succeeds("bravo", "primary", "all");
      assertThat(program("qemu-io", "-f", "raw", "-c", "read -P 0x5a 4096 8192", uri(bravo)))
          .doesNotContain("verification failed");

      whatDiffersIsFoundAndRepaired(alpha, bravo);
      whatWasChangedIsAdjusted();
      for (String node : List.of("bravo", "alpha")) {
        succeeds(node, "down", "r0");
      }
    }
  }

  /** Debian's drbdadm, with links to jdrbd in the place of drbdsetup and drbdmeta. */
  @Test
  void areDrivenByDebiansDrbdadm() throws Exception {
    Path links = Files.createDirectory(directory.resolve("links"));
    for (String name : List.of("drbdsetup", "drbdmeta")) {
      Files.createSymbolicLink(links.resolve(name), Path.of("..", "jdrbd").toRealPath());
    }
    try (TestNode alpha = TestNode.start(Files.createDirectory(directory.resolve("alpha")));
        TestNode bravo = TestNode.start(Files.createDirectory(directory.resolve("bravo")))) {
      configuration =
          Files.writeString(directory.resolve("drbd.conf"), configuration(alpha, bravo));
      for (String node : List.of("alpha", "bravo")) {
        // drbdadm asks the kernel for the size of the disk, which must not be a file.
        succeeds(node, "create-md", "--force", "r0");
        drbdadm(links, node, "up");
      }
      drbdadm(links, "alpha", "wait-connect");
      drbdadm(links, "alpha", "primary", "--force");
      drbdadm(links, "bravo", "wait-sync");
      assertThat(drbdadm(links, "bravo", "dstate")).isEqualTo("UpToDate/UpToDate\n");
      drbdadm(links, "alpha", "secondary");
      assertThat(drbdadm(links, "alpha", "status"))
          .contains("r0 role:Secondary", "bravo role:Secondary");
      for (String node : List.of("alpha", "bravo")) {
        drbdadm(links, node, "down");
      }
      assertThat(alpha.succeeds("status")).isEqualTo("# No currently configured DRBD found.\n");
    }
  }

  private String drbdadm(Path links, String node, String... words) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "drbdadm",
                "-c",
                configuration.toString(),
                "-s",
                links.resolve("drbdsetup").toString(),
                "-m",
                links.resolve("drbdmeta").toString()));
    all.addAll(List.of(words));
    all.add("r0");
    Path here = directory.resolve(node);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().put("JDRBD_RUN_DIR", here.resolve("run").toString());
    builder.environment().put("__DRBD_NODE__", node);
    builder.environment().put("DRBD_DRIVER_VERSION_OVERRIDE", "9.2.14");
    Result result = TestNode.run(builder, here);
    assertThat(result.exit()).as("%s: %s", String.join(" ", words), result.err()).isZero();
    return result.out();
  }

  /** The Secondary's disk is changed behind its back. */
  private void whatDiffersIsFoundAndRepaired(TestNode alpha, TestNode bravo)
      throws IOException, InterruptedException {
    try (RandomAccessFile disk =
        new RandomAccessFile(alpha.disk("disk", DISK_BYTES).toFile(), "rwd")) {
      disk.seek(6 * 4096L);
      disk.write(new byte[] {1, 2, 3});
    }
    Result found = alpha.jdrbd("verify", "r0", "1", "0", "--json");
    assertThat(found.exit()).as(found.err()).isEqualTo(1);
    assertThat(found.out())
        .startsWith(
            "{\"resource\":\"r0\",\"peer-node-id\":1,\"volume\":0,\"complete\":true,\"block-bytes\":4096,")
        .endsWith(
            "\"out-of-sync-blocks\":1,\"skipped-blocks\":0,\"out-of-sync\":[{\"start-sector\":48,\"sectors\":8}]}\n");
    assertThat(told(0)).isEqualTo("r0 0 1\n");
    assertThat(told(1)).isEqualTo("r0 0 0\n");
    Result repaired = alpha.jdrbd("verify", "r0", "1", "0", "--repair");
    assertThat(repaired.exit()).as(repaired.err()).isZero();
    assertThat(repaired.err()).isEqualTo("r0/0 with node 1: 1 blocks resynchronized\n");
    assertThat(bravo.succeeds("verify", "r0", "0", "0", "--wait"))
        .startsWith("r0/0 with node 0: verify done: ")
        .endsWith(" blocks compared, 0 out of sync\n");
  }

  private void whatWasChangedIsAdjusted() throws Exception {
    assertThat(succeeds("alpha", "adjust", "-d", "r0")).isEmpty();
    Files.writeString(
        configuration,
        Files.readString(configuration)
            .replace("ping-int 3", "ping-int 4")
            .replace("7M", "9M; on-io-error pass_on"));
    String wanted =
        """
        drbdsetup net-options r0 1 --set-defaults --_name=bravo --verify-alg=sha1 --ping-int=4
        drbdsetup peer-device-options r0 1 0 --set-defaults --c-max-rate=9M
        drbdsetup disk-options 10 --set-defaults --on-io-error=pass_on
        """;
    assertThat(succeeds("alpha", "adjust", "-d", "r0")).isEqualTo(wanted);
    assertThat(succeeds("alpha", "sh-list-adjustable")).isEqualTo("r0\n");
    succeeds("alpha", "adjust", "r0");
    assertThat(succeeds("alpha", "sh-list-adjustable")).isEmpty();
    succeeds("alpha", "disconnect", "r0:bravo");
    assertThat(succeeds("alpha", "adjust", "-d", "all")).isEqualTo("drbdsetup connect r0 1\n");
  }

  private String configuration(TestNode alpha, TestNode bravo) throws IOException {
    return """
    resource r0 {
      net { ping-int 3; verify-alg sha1; }
      disk { c-max-rate 7M; }
      handlers { out-of-sync "echo $DRBD_RESOURCE $DRBD_VOLUME $DRBD_PEER_NODE_ID > %s-$DRBD_MY_NODE_ID"; }
      on alpha { node-id 0; address 127.0.0.1:%d;
        volume 0 { device minor 10; disk %s; } }
      on bravo { node-id 1; address 127.0.0.1:%d;
        volume 0 { device minor 10; disk %s; } }
    }
    """
        .formatted(
            found(),
            freePort(),
            alpha.disk("disk", DISK_BYTES),
            freePort(),
            bravo.disk("disk", DISK_BYTES));
  }

  /** Where the handlers write, each to a file of its node. */
  private Path found() {
    return directory.resolve("found");
  }

  /** What the handler of a node has written, which it may be about to do. */
  private String told(int nodeId) throws IOException {
    Path file = found().resolveSibling("found-" + nodeId);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String text = "";
    while (!text.endsWith("\n") && System.nanoTime() < end) {
      text = Files.exists(file) ? Files.readString(file) : "";
      Thread.onSpinWait();
    }
    return text;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String succeeds(String node, String... words) throws Exception {
    Result result = run(node, words);
    assertThat(result.exit()).as("%s: %s", String.join(" ", words), result.err()).isZero();
    return result.out();
  }

  /** Runs a command as one of the hosts. */
  private Result run(String node, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("adm", "-c", configuration.toString()));
    all.addAll(List.of(words));
    Path here = directory.resolve(node);
    ProcessBuilder builder = TestNode.builder(here, all.toArray(String[]::new));
    builder.environment().put("__DRBD_NODE__", node);
    return TestNode.run(builder, here);
  }

  private static String uri(TestNode node) {
    return "nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock");
  }

  private String program(String... words) throws Exception {
    Result result = TestNode.run(new ProcessBuilder(words), directory);
    assertThat(result.exit()).as("%s: %s", String.join(" ", words), result.err()).isZero();
    return result.out();
  }
}
