package io.jdrbd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.daemon.SavedState.SavedResource;
import io.jdrbd.daemon.SavedState.SavedVolume;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.DiskSpec;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.MetadataPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedStateTest {
  private static final SavedState STATE =
      new SavedState(
          List.of(
              new SavedResource("empty", 0, Map.of(), false, List.of(), List.of()),
              new SavedResource(
                  "r0",
                  3,
                  Map.of("quorum", "majority"),
                  true,
                  List.of(
                      new SavedVolume(
                          0, 10, false, new DeviceWish.Named("/dev/nbd3"), Optional.empty()),
                      new SavedVolume(
                          1,
                          11,
                          true,
                          new DeviceWish.Nothing(),
                          Optional.of(
                              AttachOptions.withoutMetadata(
                                  new DiskSpec("/d", "direct", List.of("delay:5ms"))))),
                      new SavedVolume(
                          2,
                          12,
                          false,
                          new DeviceWish.Automatic(),
                          Optional.of(
                              new AttachOptions(
                                  new DiskSpec("/d", "auto", List.of()),
                                  Optional.of(new MetadataPlace("/m", new Placement.Indexed(3))),
                                  DiskConfig.defaults().with(Map.of("al-extents", "6433")))))),
                  List.of(
                      new SavedPeer(
                          1,
                          Map.of("_name", "bravo", "shared-secret", "a b"),
                          true,
                          List.of(
                              new SavedPeer.SavedPath(
                                  Endpoint.parse("192.0.2.1:7789"),
                                  Endpoint.parse("[2001:db8::1]:7789"))),
                          List.of(new SavedPeer.SavedDevice(1, Map.of("c-max-rate", "100"))))))));

  @TempDir private Path directory;

  @Test
  void whatIsSavedIsThereAgain() throws DaemonException, IOException {
    Path file = directory.resolve("state.json");
    try (StateFile state = new StateFile(file)) {
      assertThat(state.load()).isEqualTo(SavedState.empty());
      state.save(SavedState.empty()).toCompletableFuture().join();
      state.save(STATE).toCompletableFuture().join();
    }
    try (StateFile state = new StateFile(file)) {
      assertThat(state.load()).isEqualTo(STATE);
    }
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
    assertThat(Files.getPosixFilePermissions(file))
        .as("it holds secrets")
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path file = directory.resolve("state.json");
    Files.writeString(file, "{\"version\":1,\"resources\":[{\"name\"");
    try (StateFile state = new StateFile(file)) {
      assertThatThrownBy(state::load)
          .isInstanceOf(DaemonException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
