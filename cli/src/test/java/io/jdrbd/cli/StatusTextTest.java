package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 7, section 10.1, against what drbdsetup 9.34 printed. */
class StatusTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, false, 07-unconnected-no-devices.status.txt",
    "1, false, 07-unconnected-no-devices.status-verbose.txt",
    "1, true,  07-unconnected-no-devices.status-verbose-statistics.txt",
  })
  void asRecorded(int verbose, boolean statistics, String file) throws IOException {
    StatusText text = new StatusText(80, verbose, statistics, false, false);
    assertThat(all(text, Samples.unconnected())).isEqualTo(Samples.recorded(file));
  }

  @Test
  void nothingConfigured() throws IOException {
    assertThat(StatusText.NOTHING).isEqualTo(Samples.recorded("01-empty.status.txt"));
  }

  @Test
  void fillsLinesAsRecordedForAPrimary() {
    StatusText text = new StatusText(80, 1, true, false, false);
    assertThat(text.of(Samples.mesh()))
        .isEqualTo(
            """
            mesh node-id:1 role:Primary suspended:no force-io-failures:no
                write-ordering:flush
              volume:0 minor:20 disk:UpToDate backing_dev:/dev/vg0/mesh quorum:yes open:yes
                  size:10485760 read:10240 written:204800 al-writes:17 bm-writes:0 upper-pending:1
                  lower-pending:2 al-suspended:no blocked:no

            """);
  }

  @Test
  void numbersVolumesWhereThereAreSeveral() {
    ResourceView two =
        Samples.mesh(
            Role.SECONDARY,
            Samples.volume(0, 20, DiskState.UP_TO_DATE, Optional.of("/dev/a"), false),
            Samples.volume(3, 23, DiskState.DISKLESS, Optional.empty(), false));
    assertThat(new StatusText(80, 0, false, true, false).of(two))
        .isEqualTo(
            """
            mesh role:Secondary
              volume:0 disk:UpToDate open:no
              volume:3 disk:Diskless open:no

            """);
  }

  @Test
  void paintsStatesWithoutCountingTheColours() {
    StatusText plain = new StatusText(40, 1, true, true, false);
    StatusText painted = new StatusText(40, 1, true, true, true);
    assertThat(painted.of(Samples.mesh())).contains("disk:\u001b[32mUpToDate\u001b[0m");
    assertThat(painted.of(Samples.mesh()).replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(plain.of(Samples.mesh()));
  }

  private static String all(StatusText text, List<ResourceView> resources) {
    return resources.stream().map(text::of).collect(Collectors.joining());
  }
}
