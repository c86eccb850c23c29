package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks with internal metadata that grow under a daemon, or while they are detached. */
class ResizeIT {
  private static final long DISK_BYTES = 64 << 20;
  private static final long METADATA_BYTES = 40 << 10;

  @TempDir private Path directory;
  private TestNode node;
  private Path disk;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    node = TestNode.start(directory);
    disk = node.disk("disk", DISK_BYTES);
    node.succeeds("new-resource", "r0", "0");
    node.succeeds("new-minor", "r0", "10", "0", "--device=none");
    drbdmeta("create-md", "1");
    attach();
    node.succeeds("primary", "r0", "--force");
    node.succeeds("secondary", "r0");
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void attach() throws IOException, InterruptedException {
    node.succeeds("attach", "10", disk.toString(), disk.toString(), "internal");
  }

  private String drbdmeta(String... words) throws IOException, InterruptedException {
    String[] command = new String[words.length + 6];
    System.arraycopy(
        new String[] {"drbdmeta", "--force", "10", "v09", disk.toString(), "internal"},
        0,
        command,
        0,
        6);
    System.arraycopy(words, 0, command, 6, words.length);
    Result result = node.jdrbd(command);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.out();
  }

  private String uri() {
    return "nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock");
  }

  private String program(String... words) throws IOException, InterruptedException {
    Result result = TestNode.run(new ProcessBuilder(words), directory);
    assertThat(result.exit()).as("%s: %s", String.join(" ", words), result.err()).isZero();
    return result.out();
  }

  private void qemuIo(String command) throws IOException, InterruptedException {
    assertThat(program("qemu-io", "-f", "raw", "-c", command, uri()))
        .doesNotContain("verification failed");
  }

  private long shownBytes() throws IOException, InterruptedException {
    return Long.parseLong(program("nbdinfo", "--size", uri()).strip());
  }

  @Test
  void inUse() throws IOException, InterruptedException {
    qemuIo("write -P 0x5a 4096 8192");
    node.disk("disk", 2 * DISK_BYTES);
    assertThat(shownBytes()).isEqualTo(DISK_BYTES - METADATA_BYTES);
    node.succeeds("resize", "10");
    assertThat(shownBytes()).isEqualTo(2 * DISK_BYTES - METADATA_BYTES);
    qemuIo("write -P 0x33 100M 64k");

    node.kill();
    node.restart();
    assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
    assertThat(shownBytes()).isEqualTo(2 * DISK_BYTES - METADATA_BYTES);
    qemuIo("read -P 0x5a 4096 8192");
    qemuIo("read -P 0x33 100M 64k");
    node.succeeds("down", "r0");

    String theirs =
        program("drbdmeta", "--force", "-", "v09", disk.toString(), "internal", "dump-md");
    assertThat(withoutHeader(drbdmeta("dump-md")).replaceAll("(?m)^members .*\n", ""))
        .isEqualTo(withoutHeader(theirs));
    assertThat(theirs).contains("la-size-sect 262064;");
  }

  private static String withoutHeader(String dump) {
    return dump.substring(dump.indexOf("version \""));
  }

  @Test
  void whileItWasDetached() throws IOException, InterruptedException {
    qemuIo("write -P 0x5a 60M 8192");
    node.succeeds("detach", "10");
    node.disk("disk", DISK_BYTES + METADATA_BYTES);
    attach();
    assertThat(node.log()).contains("its metadata was moved to the new end");
    assertThat(shownBytes()).isEqualTo(DISK_BYTES);
    qemuIo("read -P 0x5a 60M 8192");

    node.succeeds("check-resize", "10");
    node.succeeds("detach", "10");
    node.disk("disk", 2 * DISK_BYTES);
    assertThat(drbdmeta("check-resize")).contains("successfully moved");
    assertThat(drbdmeta("dump-md")).contains("la-size-sect 131072;");
    attach();
    assertThat(shownBytes()).isEqualTo(2 * DISK_BYTES - METADATA_BYTES);
    qemuIo("read -P 0x5a 60M 8192");
  }

  @Test
  void shrinkingIsRefused() throws IOException, InterruptedException {
    Result refused = node.jdrbd("resize", "10", "--size=10M");
    assertThat(refused.exit()).isEqualTo(10);
    assertThat(refused.err()).contains("(170)", "130992 sectors", "20480 sectors");
  }
}
