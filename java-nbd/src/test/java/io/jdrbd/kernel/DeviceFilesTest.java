package io.jdrbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.kernel.libc.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files beside a device: links to it, the record of it, and what sysfs says about it. */
class DeviceFilesTest {
  private static final VolumeName R0_0 = new VolumeName("r0", 0);
  private static final VolumeName R0_1 = new VolumeName("r0", 1);
  private static final VolumeName R1_0 = new VolumeName("r1", 0);

  @TempDir Path directory;

  @Test
  void aLinkPointsToTheLatestDevice() throws IOException {
    DeviceLinks links = new DeviceLinks(directory.resolve("by-res"));

    links.point(R0_0, Path.of("/dev/nbd0"));
    links.point(R0_0, Path.of("/dev/nbd1"));

    assertThat(Files.readSymbolicLink(directory.resolve("by-res/r0/0"))).hasToString("/dev/nbd1");
    assertThat(directory.resolve("by-res/r0")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void theLastLinkTakesItsDirectoryWithIt() throws IOException {
    DeviceLinks links = new DeviceLinks(directory);
    links.point(R0_0, Path.of("/dev/nbd0"));
    links.point(R0_1, Path.of("/dev/nbd1"));

    links.remove(R0_0);
    assertThat(directory.resolve("r0/0")).doesNotExist();
    assertThat(directory.resolve("r0/1")).isSymbolicLink();
    links.remove(R0_1);
    assertThat(directory.resolve("r0")).doesNotExist();
    links.remove(R0_1);
  }

  @Test
  void linksThatWereLeftBehindAreRemoved() throws IOException {
    DeviceLinks links = new DeviceLinks(directory.resolve("by-res"));
    links.removeUnless((_, _) -> false);
    links.point(R0_0, Path.of("/dev/nbd0"));
    links.point(R0_1, Path.of("/dev/nbd1"));
    links.point(R1_0, Path.of("/dev/nbd2"));

    links.removeUnless((volume, device) -> (volume + device).equals("r0/1/dev/nbd1"));

    assertThat(directory.resolve("by-res/r0/0")).doesNotExist();
    assertThat(directory.resolve("by-res/r0/1")).isSymbolicLink();
    assertThat(directory.resolve("by-res/r1")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "r0", "r0/", "/0", "../0", "./0", ".r/0", "a/b/0", "r0/x", "r0/123456"})
  void anExportThatIsNoVolumeGetsNoDevice(String name) {
    assertThatThrownBy(() -> VolumeName.parse(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRecordIsReadBackAndForgotten() throws IOException {
    DeviceRecord.Store store = new DeviceRecord.Store(directory.resolve("kernel"));
    assertThat(store.read(R0_0)).isEmpty();
    DeviceRecord first = DeviceRecord.create(R0_0, 4, 4096, true);
    DeviceRecord second = DeviceRecord.create(R0_0, 1, 512, false);
    assertThat(first.backend()).startsWith("jdrbd r0/0 ").isNotEqualTo(second.backend());

    store.write(R0_0, first);
    assertThat(store.read(R0_0)).contains(first);
    store.write(R0_0, second);
    assertThat(store.read(R0_0)).contains(second);
    store.remove(R0_0);
    assertThat(store.read(R0_0)).isEmpty();
  }

  @BeforeEach
  void makeTwoDevices() throws IOException {
    Files.createDirectories(directory.resolve("sys/nbd0"));
    Files.createDirectories(directory.resolve("sys/nbd12/queue"));
    Files.createDirectories(directory.resolve("sys/sda"));
    Files.writeString(directory.resolve("sys/nbd12/backend"), "jdrbd r0/0 1\n");
    Files.writeString(directory.resolve("sys/nbd12/size"), "2048\n");
    Files.writeString(directory.resolve("sys/nbd12/inflight"), "       1        2\n");
  }

  @Test
  void aDeviceIsFoundByItsBackendOnly() throws IOException {
    SysBlock sys = new SysBlock(directory.resolve("sys"));

    assertThat(sys.findByBackend("jdrbd r0/0 1")).hasValue(12);
    assertThat(sys.findByBackend("jdrbd r0/0 2")).isEmpty();
    assertThat(sys.backend(12)).contains("jdrbd r0/0 1");
    assertThat(sys.backend(0)).isEmpty();
    assertThat(sys.isOf("r0/0", Path.of("/dev/nbd12"))).isTrue();
    assertThat(sys.isOf("r0", Path.of("/dev/nbd12"))).isFalse();
    assertThat(sys.isOf("r0/0", Path.of("/dev/nbd0"))).isFalse();
    assertThat(sys.isOf("r0/0", Path.of("/dev/nbd1"))).isFalse();
    assertThat(sys.inFlight(12)).isEqualTo(3);
    assertThat(sys.inFlight(0)).isZero();
    assertThat(new SysBlock(directory.resolve("none")).findByBackend("x")).isEmpty();
  }

  @Test
  void theWaitForADeviceEnds() throws IOException {
    SysBlock sys = new SysBlock(directory.resolve("sys"));
    Path node = directory.resolve("node");
    Duration bound = Duration.ofMillis(30);

    assertThatThrownBy(() -> sys.awaitSize(12, node, 1 << 20, bound))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("node: missing");
    Files.createFile(node);
    sys.awaitSize(12, node, 1 << 20, bound);
    assertThatThrownBy(() -> sys.awaitSize(12, node, 1 << 21, bound))
        .hasMessageContaining("size in sysfs: 1048576");
  }

  @Test
  void theRequestTimeoutIsInMilliseconds() throws IOException {
    new SysBlock(directory.resolve("sys")).setRequestTimeout(12, Duration.ofSeconds(3));

    assertThat(directory.resolve("sys/nbd12/queue/io_timeout")).hasContent("3000");
  }
}
