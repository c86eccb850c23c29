package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with their exit codes and messages (spec 7, sections 8 and 9), for real. */
class CommandsIT {
  private static final long DISK_BYTES = 16 << 20;

  @TempDir private Path directory;
  private TestNode node;
  private Path disk;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    node = TestNode.start(directory);
    disk = node.disk("disk", DISK_BYTES);
  }

  @AfterEach
  void end() throws InterruptedException {
    node.close();
  }

  @Test
  void aLife() throws IOException, InterruptedException {
    assertThat(node.succeeds("status")).isEqualTo("# No currently configured DRBD found.\n");
    node.succeeds("new-resource", "r0", "3", "--quorum=majority");
    node.succeeds("new-minor", "r0", "10", "0", "--device", "none");
    node.succeeds("new-minor", "r0", "10", "0");
    assertThat(node.succeeds("dstate", "/dev/drbd10")).isEqualTo("Diskless\n");
    node.succeeds("attach", "10", disk.toString(), "--no-metadata");
    node.succeeds("primary", "r0");
    assertThat(node.succeeds("role", "r0")).isEqualTo("Primary\n");
    assertThat(node.succeeds("status", "r0"))
        .isEqualTo("r0 role:Primary\n  disk:UpToDate open:no\n\n");
    assertThat(node.succeeds("status", "--json", "r0"))
        .contains("\"name\": \"r0\"", "\"disk-state\": \"UpToDate\"", "\"size\": 16384");
    assertThat(node.succeeds("show")).contains("quorum          \tmajority;", disk.toString());
    assertThat(node.succeeds("udev", "10"))
        .startsWith("DEVICE=drbd10\nSYMLINK_BY_RES=drbd/by-res/r0/0");
    assertThat(node.succeeds("events2", "--now", "r0"))
        .contains("exists resource name:r0 role:Primary ", "disk:UpToDate")
        .endsWith("exists -\n");
    assertThat(node.succeeds("export", "list"))
        .isEqualTo(
            "r0/0 size:16777216 clients:0 device:none%n  nbd+unix:///r0/0?socket=%s/nbd.sock%n"
                .formatted(node.runDir()));
    node.succeeds("down", "r0");
    node.succeeds("down", "r0");
    assertThat(node.succeeds("status")).isEqualTo("# No currently configured DRBD found.\n");
  }

  @Test
  void refusalsAsDrbdsetupWordsThem() throws IOException, InterruptedException {
    node.succeeds("new-resource", "r0", "0");
    node.succeeds("new-minor", "r0", "10", "0", "--device", "none");
    refused(10, "11: Failure: (127) Device minor not allocated\n", "detach", "11");
    refused(10, "no: Failure: (158) Unknown resource\n", "primary", "no");
    refused(
        10,
        "r0: Failure: (159) Resource still in use (delete all minors first)\n",
        "del-resource",
        "r0");
    refused(
        10,
        "r0: Failure: (161) Minor or volume exists already (delete it first)\n",
        "new-minor",
        "r0",
        "11",
        "0");
    refused(
        10,
        "10: Failure: (119) No valid meta-data signature found.\n",
        "attach",
        "10",
        disk.toString(),
        disk.toString(),
        "internal");
    refused(
        10,
        "10: Failure: (104) Can not open backing device.\n",
        "attach",
        "10",
        "/nonexistent",
        "--no-metadata");
    refused(17, "r0: State change failed: (-2) Need access to UpToDate data\n", "primary", "r0");
    node.succeeds("attach", "10", disk.toString(), "--no-metadata");
    refused(
        10,
        "10: Failure: (124) Device is attached to a disk (use detach first)\n",
        "attach",
        "10",
        disk.toString(),
        "--no-metadata");
    node.succeeds("primary", "r0");
    refused(17, "10: State change failed: (-2) Need access to UpToDate data\n", "detach", "10");
    assertThat(node.jdrbd("role", "no")).isEqualTo(new Result(10, "", "no: Unknown resource\n"));
    assertThat(node.jdrbd("dstate", "9")).isEqualTo(new Result(10, "", "9: No such device\n"));
    assertThat(node.jdrbd("status", "no")).isEqualTo(new Result(10, "", "no: No such resource\n"));
  }

  private void refused(int exit, String message, String... words)
      throws IOException, InterruptedException {
    Result result = node.jdrbd(words);
    assertThat(result.exit()).as("%s: %s", words[0], result.err()).isEqualTo(exit);
    assertThat(result.err()).startsWith(message).contains("\nadditional info from kernel:\n");
  }

  @Test
  void usageErrorsExitWith20() throws IOException, InterruptedException {
    assertThat(node.jdrbd().exit()).isEqualTo(20);
    assertThat(node.jdrbd("nonsense").exit()).isEqualTo(20);
    assertThat(node.jdrbd("primary").exit()).isEqualTo(20);
    assertThat(node.jdrbd("primary", "r0", "--nonsense").exit()).isEqualTo(20);
    assertThat(node.jdrbd("setup", "new-resource", "r0", "x").err())
        .contains("NODE_ID 'x' is not a number");
    assertThat(node.jdrbd("new-resource", "r0", "0", "--quorum=some").err()).contains("--quorum");
    assertThat(node.jdrbd("--force", "primary", "no").exit()).isEqualTo(10);
    assertThat(node.jdrbd("primary", "--help").out()).contains("jdrbd primary", "--force");
    assertThat(node.jdrbd("--version").out()).startsWith("jdrbd ");
    assertThat(node.jdrbd("completion").out()).contains("new-resource");
  }

  @Test
  void aDiskThatGrewIsSeenAfterResize() throws IOException, InterruptedException {
    node.succeeds("new-resource", "r0", "0");
    node.succeeds("new-minor", "r0", "10", "0", "--device", "none");
    node.succeeds("attach", "10", disk.toString(), "--no-metadata");
    long before = Files.size(disk);
    node.disk(disk.getFileName().toString(), 2 * before);
    assertThat(sizeForClients()).isEqualTo(before + "\n");

    node.succeeds("resize", "10");

    assertThat(sizeForClients()).isEqualTo(2 * before + "\n");
    assertThat(node.succeeds("status", "r0", "--verbose", "--statistics"))
        .contains("size:%d ".formatted(2 * before / 1024));
    assertThat(node.jdrbd("resize", "11").exit()).isEqualTo(10);
  }

  private String sizeForClients() throws IOException, InterruptedException {
    String uri = "nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock");
    return TestNode.run(new ProcessBuilder("nbdinfo", "--size", uri), directory).out();
  }

  @Test
  void aWriterPromotesAsLongAsItHasTheVolumeOpen() throws IOException, InterruptedException {
    node.succeeds("new-resource", "r0", "0");
    node.succeeds("new-minor", "r0", "10", "0", "--device", "none");
    node.succeeds("attach", "10", disk.toString(), "--no-metadata");
    try (TestNode.Program events = node.begin("events2", "r0")) {
      events.await("exists -\n");
      Result written =
          TestNode.run(
              new ProcessBuilder(
                  "qemu-io",
                  "-f",
                  "raw",
                  "-c",
                  "write -P 0x5a 4096 8192",
                  "nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock")),
              directory);
      assertThat(written.exit()).as(written.err()).isZero();
      events.await(
          "exists -",
          "change resource name:r0 role:Primary may_promote:no",
          "open:yes",
          "change resource name:r0 role:Secondary may_promote:yes",
          "open:no");
    }
    byte[] data = Files.readAllBytes(disk);
    assertThat(data[4095]).isZero();
    assertThat(data[4096]).isEqualTo((byte) 0x5a);
    assertThat(data[4096 + 8191]).isEqualTo((byte) 0x5a);
    assertThat(data[4096 + 8192]).isZero();
  }
}
