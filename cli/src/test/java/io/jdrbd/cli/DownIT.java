package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Program;
import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resource that somebody holds open. */
class DownIT {
  @TempDir private Path directory;

  @Test
  void comesDownByForceOnly() throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      Path disk = node.disk("disk", 1 << 20);
      node.succeeds("new-resource", "r0", "0");
      node.succeeds("new-minor", "r0", "10", "0", "--device=none");
      node.succeeds("attach", "10", disk.toString(), "--no-metadata");
      node.succeeds("primary", "r0");
      String uri = "nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock");
      try (Program client = Program.start(new ProcessBuilder("qemu-io", "-f", "raw", uri))) {
        client
            .process()
            .getOutputStream()
            .write("write 0 512\n".getBytes(StandardCharsets.US_ASCII));
        client.process().getOutputStream().flush();
        client.await("wrote 512/512");

        Result refused = node.jdrbd("down", "r0");
        assertThat(refused.exit()).isEqualTo(11);
        assertThat(refused.err()).contains("(-12) Device is held open by someone");
        node.succeeds("down", "--force", "r0");
        assertThat(node.succeeds("status")).isEqualTo("# No currently configured DRBD found.\n");
      }
    }
  }
}
