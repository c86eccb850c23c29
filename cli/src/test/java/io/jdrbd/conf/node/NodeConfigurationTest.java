package io.jdrbd.conf.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.Position;
import io.jdrbd.conf.Problem;
import io.jdrbd.conf.RecordedFiles;
import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What configurations mean on a host, and what does not fit together (spec 7, sections 4.1 to 4.6).
 */
class NodeConfigurationTest {
  private static final LocalHost LEFT = new LocalHost("left", "192.0.2.1"::equals);

  @TempDir private Path directory;

  /** Each thing is named where it is written, which is often nearer than the line of drbdadm. */
  @ParameterizedTest
  @CsvSource({
    "046-minor-twice, 7, 2, minor 1 is used twice",
    "047-disk-twice, 7, 18, disk /dev/vg0/a is used twice",
    "048-address-twice, 8, 31, is the address of resource 'a'",
    "049-external-index-twice, 7, 35, 'meta-disk /dev/vg0/m[0] is used twice'",
    "050-same-address-both-ends, 4, 32, is the address of both ends",
    "051-node-id-missing, 4, 2, has no node-id",
    "053-node-ids-missing-three-hosts, 3, 2, has no node-id",
    "054-node-id-twice, 4, 2, both have node-id 0",
    "058-address-missing, 4, 2, has no address",
    "067-connection-unknown-host, 5, 26, has no host 'nobody'",
    "070-connection-twice, 6, 2, are connected already",
    "073-volume-implicit-and-explicit, 3, 2, 'put those into'",
    "074-volume-sets-differ, 3, 2, does not have volume 1",
    "077-volume-unknown-in-connection, 5, 38, there is no volume 9",
    "078-device-missing, 3, 2, has no 'device' on host 'left'",
    "083-disk-missing, 3, 2, has no 'disk' on host 'left'",
    "089-host-twice, 5, 2, host 'left' is in resource 'a' already",
    "115-proxy-host-outside, 5, 2, are this host"
  })
  void whatDoesNotFitTogetherIsNamedWithItsPlace(String name, int line, int column, String message)
      throws Exception {
    Path file = RecordedFiles.directory().resolve("bad").resolve(name + ".conf");
    Problem problem = NodeConfiguration.of(Configuration.read(file), LEFT).problems().getFirst();

    assertThat(problem.message()).contains(message.replace("'' ", ""));
    assertThat(List.of(problem.at().line(), problem.at().column()))
        .as(problem.describe())
        .containsExactly(line, column);
  }

  @Test
  void inheritedValuesThatDifferAreNamedWithBothPlaces() throws Exception {
    Path file = RecordedFiles.directory().resolve("14-ambiguous-inheritance.conf");

    List<Problem> problems = NodeConfiguration.of(Configuration.read(file), LEFT).problems();

    assertThat(problems).extracting(problem -> problem.at().line()).containsExactly(14, 10);
    assertThat(problems.getFirst().message())
        .contains("'al-extents' is inherited as '700' from here and as '500' from ");
    assertThat(problems.getLast().message())
        .contains("'c-max-rate' is inherited as '200M' from here and as '300M' from ");
  }

  @ParameterizedTest
  @CsvSource({
    "066-three-hosts-without-connection, 1, has 3 hosts and no connections",
    "080-device-odd-name, 2, /dev/drbd_a",
    "095-resync-after-unknown, 5, 'has no volume ''zzz'''"
  })
  void whatIsOddIsWarnedOf(String name, int line, String message) throws Exception {
    Path file = RecordedFiles.directory().resolve("bad").resolve(name + ".conf");
    NodeConfiguration configuration = NodeConfiguration.of(Configuration.read(file), LEFT);

    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.warnings())
        .first()
        .satisfies(
            warning -> {
              assertThat(warning.message()).contains(message);
              assertThat(warning.at()).extracting(Position::line).isEqualTo(line);
            });
  }

  @Test
  void optionsComeFromCommonResourceMeshAndHost() throws Exception {
    NodeResource inherit =
        read(RecordedFiles.directory().resolve("15-inheritance.conf"), "left")
            .resources()
            .getFirst();

    assertThat(texts(inherit.of(SectionKind.NET)))
        .containsExactly("protocol B", "ping-int 11", "timeout 45");
    assertThat(texts(inherit.connections().getFirst().net()))
        .containsExactly("ping-int 11", "protocol B", "timeout 50");
    assertThat(texts(inherit.connections().getFirst().peerDevices().get(1).settings()))
        .containsExactly("c-min-rate 1M", "c-max-rate 400M", "c-plan-ahead 0", "resync-rate 30M");
    assertThat(texts(inherit.here().volume(0).orElseThrow().settings()))
        .containsExactly(
            "al-extents 700", "on-io-error pass_on", "c-max-rate 100M", "c-min-rate 1M");
  }

  @Test
  void aResourceOfOtherHostsIsNotThisOnes() throws Exception {
    NodeConfiguration configuration =
        read(RecordedFiles.directory().resolve("10-stacked.conf"), "far");

    assertThat(configuration.own()).extracting(NodeResource::name).containsExactly("upper");
    assertThat(configuration.resources().getLast().isStacked()).isFalse();
    assertThat(
            read(RecordedFiles.directory().resolve("10-stacked.conf"), "right")
                .own("upper")
                .orElseThrow()
                .isStacked())
        .isTrue();
  }

  @Test
  void fencingOfADiskSectionIsAnOptionOfConnections() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("drbd.conf"),
            """
            common { disk { fencing resource-only; } }
            resource r { device minor 1; disk /dev/x; on left { address 192.0.2.1:1; }
              on right { address 192.0.2.2:1; } handlers { outdate-peer "/bin/x"; } }
            """);
    NodeResource resource = read(file, "left").own("r").orElseThrow();

    assertThat(texts(resource.connections().getFirst().net()))
        .containsExactly("fencing resource-only");
    assertThat(texts(resource.of(SectionKind.HANDLERS))).containsExactly("fence-peer /bin/x");
  }

  @ParameterizedTest
  @CsvSource({
    "left, left, true",
    "left, LEFT, true",
    "left, left.example, true",
    "left.example, left, true",
    "left.example, left.other, false",
    "left, right, false"
  })
  void aNameMeansAHost(String here, String written, boolean same) {
    assertThat(new LocalHost(here, address -> false).isCalled(written)).isEqualTo(same);
  }

  /** The table of spec 7, section 4.2. */
  @ParameterizedTest
  @CsvSource({"192.0.2.1, B2E3ABD9", "192.0.2.2, A1B3582D"})
  void addressesAreHashedAsByDrbdadm(String address, String register) {
    assertThat("%08X".formatted(NodeIds.crc32c(address))).isEqualTo(register);
  }

  private static List<String> texts(List<Setting> settings) {
    return settings.stream().map(setting -> setting.name() + " " + setting.value()).toList();
  }

  private static NodeConfiguration read(Path file, String host) throws ConfException, IOException {
    return NodeConfiguration.of(Configuration.read(file), new LocalHost(host, address -> false))
        .checked();
  }
}
