package io.jdrbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskGeometry;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachOptionsTest {

  @ParameterizedTest
  @CsvSource({"/dev/nbd0, 0", "nbd15, 15"})
  void aDeviceIsNamedWithOrWithoutItsDirectory(String name, int index) {
    assertThat(AttachOptions.DEFAULTS.withDevice(name).index()).hasValue(index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/dev/sda", "nbd", "/dev/nbd0p1", "nbd-1", "/dev/nbd1234567"})
  void whatIsNoDeviceIsRefused(String name) {
    assertThatThrownBy(() -> AttachOptions.DEFAULTS.withDevice(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device %s: must be of the form /dev/nbd0", name);
  }

  @Test
  void severalConnectionsAreForReadingOnly() {
    assertThat(AttachOptions.DEFAULTS.withReadOnly(4).connections()).isEqualTo(4);
    assertThatThrownBy(() -> AttachOptions.DEFAULTS.withReadOnly(17))
        .hasMessage("17 connections: must be from 1 to 16");
    AttachOptions options = AttachOptions.DEFAULTS;
    assertThatThrownBy(
            () ->
                new AttachOptions(
                    options.index(),
                    2,
                    false,
                    options.blockBytes(),
                    options.deadConnectionTimeout(),
                    options.resendInterval()))
        .hasMessage("2 connections: a device that can be written must have 1");
  }

  @Test
  void timesHaveAMinimum() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> AttachOptions.DEFAULTS.withTimes(Duration.ofMillis(999), second))
        .hasMessageContaining("dead connection timeout");
    assertThatThrownBy(() -> AttachOptions.DEFAULTS.withTimes(second, Duration.ofMillis(99)))
        .hasMessageContaining("resend interval");
  }

  @ParameterizedTest
  @CsvSource({"1, 512", "512, 512", "4096, 4096", "65536, 4096"})
  void theKernelsBlockIsTheDisksWithinTheKernelsLimits(int logicalBlockBytes, int blockBytes) {
    assertThat(AttachOptions.DEFAULTS.blockBytesFor(logicalBlockBytes)).isEqualTo(blockBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256, 1000, 8192})
  void aBlockThatTheKernelDoesNotTakeIsRefused(int blockBytes) {
    AttachOptions options = AttachOptions.DEFAULTS;
    assertThatThrownBy(
            () ->
                new AttachOptions(
                    options.index(),
                    1,
                    false,
                    OptionalInt.of(blockBytes),
                    options.deadConnectionTimeout(),
                    options.resendInterval()))
        .hasMessage("block of %d bytes: must be a power of two from 512 to 4096", blockBytes);
  }

  @ParameterizedTest
  @CsvSource({
    // cache, discard, read only, connections: flags of the NBD protocol
    "true,  4096, false, 1, 0x6d",
    "false, 4096, false, 1, 0x61",
    "true,  0,    false, 1, 0x4d",
    "true,  4096, true,  1, 0x03",
    "true,  4096, true,  4, 0x103",
  })
  void theKernelIsToldWhatTheDiskCanDo(
      boolean cache, int discard, boolean readOnly, int connections, String flags) {
    DiskGeometry disk = new DiskGeometry(1 << 20, 512, 4096, discard, cache, true);

    assertThat(ServerFlag.bits(ServerFlag.of(disk, readOnly, connections)))
        .isEqualTo(Long.decode(flags));
  }
}
