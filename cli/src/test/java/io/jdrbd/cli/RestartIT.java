package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon leaves behind, and what the next one makes of it. */
class RestartIT {
  private static final long DISK_BYTES = 1 << 20;

  @TempDir private Path directory;

  @Test
  void whatWasConfiguredIsThereAgainAfterKillAndAfterAnOrderlyEnd()
      throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      Path disk = node.disk("disk", DISK_BYTES);
      node.succeeds("new-resource", "r0", "3", "--auto-promote=no");
      node.succeeds("new-minor", "r0", "10", "0", "--device=none");
      node.succeeds("new-minor", "r0", "11", "1", "--diskless");
      node.succeeds("attach", "10", disk.toString(), "--no-metadata", "--engine=direct");
      node.succeeds("new-resource", "r1", "0");
      node.succeeds("new-minor", "r1", "20", "0", "--device=none");
      node.succeeds("attach", "20", "memory", "--no-metadata", "--engine=memory:1M");
      node.succeeds("primary", "r1");
      String status = node.succeeds("status", "-v");
      String show = node.succeeds("show");
      String exports = node.succeeds("export", "list");

      node.kill();
      node.restart();
      assertThat(node.succeeds("status", "-v")).isEqualTo(status);
      assertThat(node.succeeds("show")).isEqualTo(show);
      assertThat(node.succeeds("export", "list")).isEqualTo(exports);

      node.terminate();
      node.restart();
      assertThat(node.succeeds("status", "-v")).isEqualTo(status);

      node.terminate();
      Files.delete(disk);
      node.restart();
      assertThat(node.log()).contains("r0/0: cannot be restored: (104)");
      assertThat(node.succeeds("dstate", "10")).isEqualTo("Diskless\n");
      assertThat(node.succeeds("role", "r1")).isEqualTo("Primary\n");
    }
  }

  @Test
  void aRunDirectoryHasOneDaemon() throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      Result second = node.jdrbd("daemon");
      assertThat(second.exit()).isEqualTo(20);
      assertThat(second.err()).contains("a daemon runs in " + node.runDir() + " already");
      node.succeeds("status");
    }
  }

  @Test
  void withoutDaemonEveryCommandSaysWhatToDo() throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      node.kill();
      Result result = node.jdrbd("status");
      assertThat(result.exit()).isEqualTo(20);
      assertThat(result.err())
          .contains(node.runDir() + "/control.sock", "Start it with 'jdrbd daemon'");
    }
  }
}
