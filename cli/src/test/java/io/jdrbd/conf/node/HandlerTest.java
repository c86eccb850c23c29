package io.jdrbd.conf.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.RecordedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As drbdadm was recorded to run a handler. */
class HandlerTest {
  private static final LocalHost LEFT = new LocalHost("left", "192.0.2.1"::equals);

  @TempDir private Path directory;

  @Test
  void itIsToldWhatTheConfigurationSays() throws Exception {
    String written =
        Files.readString(RecordedFiles.directory().resolve("04-multi-volume.conf"))
            .replace(
                "resource vols {", "resource vols { handlers { split-brain \"env; exit 3\"; }");
    Path file = Files.writeString(directory.resolve("h.conf"), written);
    NodeConfiguration configuration = NodeConfiguration.of(Configuration.read(file), LEFT);

    assertThat(Handler.find(configuration, file, "vols", "split-brain"))
        .contains(
            new Handler(
                "env; exit 3",
                Map.of(
                    "DRBD_CONF", file.toString(),
                    "DRBD_LL_DISK", "/dev/vg0/v0 /dev/vg0/v1 /dev/vg0/v7",
                    "DRBD_MINOR", "30 31 37",
                    "DRBD_MY_NODE_ID", "0",
                    "DRBD_NODE_ID_0", "left",
                    "DRBD_NODE_ID_1", "right",
                    "DRBD_RESOURCE", "vols",
                    "DRBD_VOLUME", "0 1 7")));
    assertThat(Handler.find(configuration, file, "vols", "quorum-lost"))
        .isEqualTo(Optional.empty());
    assertThat(Handler.find(configuration, file, "other", "split-brain")).isEmpty();
  }
}
