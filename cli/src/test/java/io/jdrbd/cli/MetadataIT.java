package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks with metadata under the daemon, by commands, judged by drbdmeta. */
class MetadataIT {
  private static final long DISK_BYTES = 64 << 20;

  @TempDir private Path directory;
  private TestNode node;
  private Path disk;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    node = TestNode.start(directory);
    disk = node.disk("disk", DISK_BYTES);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private Result drbdmeta(Path device, String index, String... words)
      throws IOException, InterruptedException {
    String[] command = new String[words.length + 6];
    command[0] = "drbdmeta";
    command[1] = "--force";
    command[2] = "-";
    command[3] = "v09";
    command[4] = device.toString();
    command[5] = index;
    System.arraycopy(words, 0, command, 6, words.length);
    return node.jdrbd(command);
  }

  private void configure() throws IOException, InterruptedException {
    node.succeeds("new-resource", "r0", "0");
    node.succeeds("new-minor", "r0", "10", "0", "--device=none");
  }

  private void attach(String... options) throws IOException, InterruptedException {
    String[] command = new String[options.length + 5];
    command[0] = "attach";
    command[1] = "10";
    command[2] = disk.toString();
    command[3] = disk.toString();
    command[4] = "internal";
    System.arraycopy(options, 0, command, 5, options.length);
    node.succeeds(command);
  }

  @Test
  void aLifeThatDrbdmetaAgreesWith() throws IOException, InterruptedException {
    configure();
    assertThat(node.jdrbd("attach", "10", disk.toString(), disk.toString(), "internal"))
        .satisfies(
            result -> {
              assertThat(result.exit()).isEqualTo(10);
              assertThat(result.err()).contains("(119) No valid meta-data signature found");
            });
    assertThat(drbdmeta(disk, "internal", "create-md", "1").exit()).isZero();
    attach("--al-extents=67");
    assertThat(node.succeeds("dstate", "10")).isEqualTo("Inconsistent\n");
    assertThat(node.jdrbd("primary", "r0").exit()).isEqualTo(17);
    node.succeeds("primary", "r0", "--force");
    assertThat(node.succeeds("show"))
        .contains("meta-disk\t\t\tinternal;\n", "al-extents      \t67;\n");
    assertThat(drbdmeta(disk, "internal", "dstate").err()).contains("another program uses");

    writeWithQemu();
    assertThat(node.succeeds("status", "-v", "-s")).contains("al-writes:1 ");

    node.kill();
    node.restart();
    assertThat(node.succeeds("role", "r0")).isEqualTo("Primary\n");
    node.succeeds("secondary", "r0");
    node.succeeds("detach", "10");
    Result gi = drbdmeta(disk, "internal", "get-gi", "--node-id=1");
    assertThat(gi.out()).as(gi.err()).matches("[0-9A-F]{16}:[0-9A-F]{16}:.*:1:1:0:1:1:0:0:.*\n");

    attach();
    assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
    assertThat(node.succeeds("get-gi", "r0", "1", "0")).isEqualTo(gi.out());
    assertThat(node.succeeds("show-gi", "r0", "1", "0")).contains(gi.out(), "last agreed size");
    assertThat(node.jdrbd("get-gi", "r0", "0", "0").exit()).isEqualTo(10);

    assertThat(node.jdrbd("invalidate", "10").err()).contains("(-15)");
    node.succeeds("new-current-uuid", "10");
    assertThat(node.succeeds("get-gi", "r0", "1", "0")).isNotEqualTo(gi.out());
    node.succeeds("outdate", "10");
    assertThat(node.succeeds("dstate", "10")).isEqualTo("Outdated\n");
    assertThat(node.jdrbd("primary", "r0").exit()).isEqualTo(17);
  }

  @Test
  void aFreshDiskWhosePeersAreKnownToBeEqual() throws IOException, InterruptedException {
    configure();
    assertThat(drbdmeta(disk, "internal", "create-md", "1").exit()).isZero();
    attach();
    assertThat(node.jdrbd("outdate", "10").exit()).isEqualTo(5);
    node.succeeds("new-current-uuid", "10", "--clear-bitmap");
    assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
    node.succeeds("down", "r0");
    assertThat(drbdmeta(disk, "internal", "dump-md").out()).contains("bits-set 0");
  }

  @Test
  void anOrderlyEndLeavesADiskThatAnybodyMayAttach() throws IOException, InterruptedException {
    configure();
    assertThat(drbdmeta(disk, "internal", "create-md", "1").exit()).isZero();
    attach();
    node.succeeds("primary", "r0", "--force");
    node.succeeds("secondary", "r0");
    writeWithQemu();
    node.terminate();
    Result dump = drbdmeta(disk, "internal", "dump-md");
    assertThat(dump.exit()).as(dump.err()).isZero();
    assertThat(dump.out()).contains("flags 0x00000491;", "la-size-sect 130992;");
    node.restart();
    assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
  }

  @Test
  void metadataOnADeviceOfItsOwn() throws IOException, InterruptedException {
    Path other = node.disk("meta", 16 << 20);
    configure();
    assertThat(drbdmeta(other, "flex-external", "create-md", "1").exit()).isZero();
    node.succeeds("attach", "10", disk.toString(), other.toString(), "flexible");
    node.succeeds("primary", "r0", "--force");
    assertThat(node.succeeds("show")).contains("meta-disk\t\t\t\"" + other + "\";\n");
    writeWithQemu();
    node.kill();
    node.restart();
    assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
  }

  private void writeWithQemu() throws IOException, InterruptedException {
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
  }
}
