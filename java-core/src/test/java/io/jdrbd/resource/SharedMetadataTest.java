package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.Placement;
import io.jdrbd.state.DiskState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several volumes with metadata on one device, each in a region of its own. */
class SharedMetadataTest extends MetadataNodeTestBase {
  private static final long REGION_BYTES = 128L << 20;
  private static final int OTHER_MINOR = 11;

  private Path shared;
  private Path otherDisk;

  @BeforeEach
  void makeRegions() throws IOException {
    shared = file("shared", 2 * REGION_BYTES);
    otherDisk = file("other", DISK_BYTES);
    create(shared, new Placement.Indexed(0));
    create(shared, new Placement.Indexed(1));
    onLoop(() -> node.newMinor("r0", OTHER_MINOR, 1, false));
  }

  private Path file(String name, long bytes) throws IOException {
    Path path = directory.resolve(name);
    try (var opened = new RandomAccessFile(path.toFile(), "rw")) {
      opened.setLength(bytes);
    }
    return path;
  }

  private int attach(int minor, Path data, int index) {
    AttachOptions options =
        new AttachOptions(
            new DiskSpec(data.toString(), DiskSpec.AUTO, filters),
            Optional.of(new MetadataPlace(shared.toString(), new Placement.Indexed(index))),
            DiskConfig.defaults());
    return code(() -> node.attach(minor, options));
  }

  private DiskState stateOf(int minor) {
    return onLoop(() -> node.volume(minor).orElseThrow().diskState());
  }

  @Test
  void eachHasItsOwnRegion() {
    assertThat(attach(MINOR, disk, 0)).isEqualTo(101);
    assertThat(attach(OTHER_MINOR, otherDisk, 0)).as("taken").isEqualTo(116);
    assertThat(attach(OTHER_MINOR, otherDisk, 1)).isEqualTo(101);
    assertThat(primary(true)).isEqualTo(101);
    assertThat(write(4096, true)).isEqualTo("done");
    long generation = superblock().currentUuid();
    assertThat(secondary()).isEqualTo(101);

    assertThat(code(() -> node.detach(OTHER_MINOR, false, false))).isEqualTo(101);
    assertThat(write(8192, false)).as("the other goes on").isEqualTo("done");
    assertThat(detach()).isEqualTo(101);
    onDisk(
        shared,
        new Placement.Indexed(0),
        store -> assertThat(store.readSuperblock().currentUuid() | 1).isEqualTo(generation | 1));
    onDisk(
        shared,
        new Placement.Indexed(1),
        store -> assertThat(store.readSuperblock().isClean()).isTrue());
  }

  @Test
  void theDeviceIsOpenedAgainAfterItsLastUser() {
    for (int round = 0; round < 3; round++) {
      assertThat(attach(OTHER_MINOR, otherDisk, 1)).isEqualTo(101);
      assertThat(code(() -> node.detach(OTHER_MINOR, false, false))).isEqualTo(101);
    }
    assertThat(stateOf(OTHER_MINOR)).isEqualTo(DiskState.DISKLESS);
    shared = directory.resolve("nothing");
    assertThat(attach(MINOR, disk, 0)).isEqualTo(105);
    assertThat(attach(MINOR, disk, 0)).as("and is not remembered as open").isEqualTo(105);
  }
}
