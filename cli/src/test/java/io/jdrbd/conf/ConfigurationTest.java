package io.jdrbd.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the configurations that drbdadm was recorded with. */
class ConfigurationTest {
  private static final Path FILES = files();

  private static Path files() {
    try {
      return Path.of(ConfigurationTest.class.getResource("01-two-node.conf").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Path> good() throws IOException {
    try (Stream<Path> all = Files.list(FILES)) {
      return all.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("good")
  void everyFormOfTheLanguageIsRead(Path file) throws Exception {
    Configuration configuration = Configuration.read(file);

    assertThat(configuration.resources()).isNotEmpty();
    assertThat(configuration.resources())
        .allSatisfy(resource -> assertThat(resource.hosts()).hasSizeGreaterThan(1));
  }

  @Test
  void whatAResourceSaysIsThere() throws Exception {
    ResourceConf mesh =
        Configuration.read(FILES.resolve("03-mesh-three-nodes.conf")).resources().getFirst();

    assertThat(mesh.name()).isEqualTo("mesh");
    assertThat(mesh.sections().of(SectionKind.NET))
        .extracting(Setting::name, Setting::value)
        .contains(
            org.assertj.core.groups.Tuple.tuple("shared-secret", "cli vector \"secret\" \\ one"));
    assertThat(mesh.hosts()).extracting(HostConf::displayName).containsExactly("n1", "n2", "n3");
    assertThat(mesh.hosts().get(1).nodeId()).hasValue(2);
    assertThat(mesh.hosts().get(1).address().map(Address::argument)).hasValue("ipv4:10.1.0.2:7900");
    assertThat(mesh.volumes())
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.device().map(VolumeConf.Device::minor)).hasValue(20);
              assertThat(volume.disk().map(VolumeConf.Disk::path)).hasValue("/dev/vg0/mesh");
              assertThat(volume.metaDisk().orElseThrow().device()).isEqualTo("internal");
            });
    assertThat(mesh.meshes())
        .singleElement()
        .satisfies(hosts -> assertThat(hosts.hosts()).containsExactly("n1", "n2", "n3"));
  }

  @Test
  void pathsAndVolumesOfAConnectionAreThere() throws Exception {
    ResourceConf paths =
        Configuration.read(FILES.resolve("05-multi-path.conf")).resources().getFirst();
    ResourceConf volumes =
        Configuration.read(FILES.resolve("04-multi-volume.conf")).resources().getFirst();

    assertThat(paths.connections().getFirst().paths()).hasSize(2);
    assertThat(
            paths.connections().getFirst().paths().get(1).get(0).address().map(Address::argument))
        .hasValue("ipv6:[2001:db8:1::1]:7820");
    assertThat(volumes.connections().getFirst().volumes())
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.number()).isEqualTo(1);
              assertThat(volume.disk()).extracting(Setting::value).containsExactly("4M");
            });
    assertThat(volumes.hosts().getFirst().volumes().get(2).metaDisk().orElseThrow().index())
        .hasValue(2);
  }

  @Test
  void includedFilesStandWhereTheyAreIncludedAndSkippedOnesNowhere() throws Exception {
    Configuration configuration = Configuration.read(FILES.resolve("11-include.conf"));

    assertThat(configuration.resources())
        .extracting(ResourceConf::name)
        .containsExactly("inc a", "inc-b");
    assertThat(configuration.common().of(SectionKind.NET))
        .extracting(Setting::value)
        .containsExactly("7");
  }

  @Test
  void aPatternMayStandInEachPartOfAPath(@TempDir Path directory) throws Exception {
    for (String site : List.of("b", "a")) {
      Files.createDirectory(directory.resolve("site-" + site));
      Files.writeString(
          directory.resolve("site-" + site).resolve("r.res"), "resource \"ü " + site + "\" { }");
    }
    Path file = Files.writeString(directory.resolve("drbd.conf"), "include \"site-*/r.res\";");

    assertThat(Configuration.read(file).resources())
        .extracting(ResourceConf::name)
        .containsExactly("ü a", "ü b");
  }

  /** What drbdadm refuses for how it is written, with the line that it names. */
  @ParameterizedTest
  @CsvSource({
    "001-unknown-section, 5, 2",
    "002-unknown-net-option, 5, 8",
    "003-net-option-in-disk, 5, 9",
    "004-missing-semicolon, 5, 18",
    "005-missing-brace, 4, 2",
    "006-value-too-small, 5, 17",
    "007-value-too-large, 5, 17",
    "008-value-not-a-number, 5, 17",
    "010-value-bad-unit, 5, 20",
    "013-unit-on-unitless-option, 5, 17",
    "014-boolean-bad-value, 5, 16",
    "016-boolean-true-false, 5, 16",
    "017-enum-bad-value, 5, 22",
    "018-protocol-d, 5, 17",
    "020-option-twice, 5, 20",
    "021-section-twice, 6, 2",
    "022-options-section-twice, 6, 2",
    "023-quorum-zero, 5, 19",
    "024-quorum-word, 5, 19",
    "025-unterminated-quote, 5, 22",
    "026-quote-with-newline, 5, 22",
    "027-quote-too-long, 5, 22",
    "028-secret-64-characters, 5, 22",
    "029-token-too-long, 5, 22",
    "030-stray-character, 5, 23",
    "034-global-twice, 2, 1",
    "036-global-unknown, 1, 10",
    "037-common-twice, 2, 1",
    "038-common-with-host, 1, 10",
    "039-resource-twice, 6, 10",
    "043-resource-name-keyword, 1, 10",
    "056-node-id-32, 4, 21",
    "057-node-id-33, 4, 21",
    "059-address-without-port, 4, 41",
    "060-address-hostname, 4, 32",
    "061-address-ipv6-without-family, 4, 32",
    "062-address-port-0, 4, 42",
    "063-address-port-65536, 4, 42",
    "068-connection-one-host, 5, 2",
    "069-connection-three-hosts, 6, 2",
    "075-volume-number-65535, 2, 9",
    "076-volume-twice, 3, 2",
    "079-device-minor-mismatch, 2, 9",
    "081-device-foreign-name, 2, 9",
    "082-device-minor-1048576, 2, 15",
    "087-meta-disk-indexed-internal, 2, 45",
    "090-on-keyword-host, 3, 5",
    "091-include-missing-file, 6, 9",
    "093-include-without-quotes, 6, 17",
    "094-template-missing, 5, 16",
    "097-discard-node-unknown, 5, 22",
    "098-discard-node-right, 5, 22",
    "099-handler-unknown, 5, 13",
    "104-startup-unknown, 5, 12",
    "111-c-style-comment, 5, 3",
    "112-keyword-upper-case, 2, 2",
    "118-size-negative, 5, 14",
    "120-legacy-on-no-data, 6, 21"
  })
  void whatIsWrittenWronglyIsNamedWithItsPlace(String name, int line, int column) {
    ConfException refused = catchThrowableOfType(ConfException.class, () -> read(name));

    assertThat(refused).as(name).isNotNull();
    Position at = refused.problems().getFirst().at();
    assertThat(List.of(at.line(), at.column()))
        .as(refused.getMessage())
        .containsExactly(line, column);
  }

  @ParameterizedTest
  @CsvSource({
    "009-value-nine-digits",
    "011-value-lowercase-unit",
    "012-value-quoted-lowercase-unit",
    "015-boolean-without-value",
    "019-protocol-lower-case",
    "031-empty-string",
    "032-empty-file",
    "033-only-global",
    "035-global-after-resource",
    "041-resource-name-slash",
    "042-resource-name-space",
    "045-resource-name-quoted-dollar",
    "052-node-ids-missing",
    "055-node-id-31",
    "070-connection-twice",
    "072-path-and-host",
    "092-include-empty-glob",
    "095-resync-after-unknown",
    "100-skip-resource",
    "101-skip-in-resource",
    "102-syncer-section",
    "103-startup-become-primary-on",
    "110-comment-and-cr",
    "113-dollar-in-host",
    "114-host-list",
    "116-address-ipv4-leading-zero",
    "119-size-units"
  })
  void borderCasesThatDrbdadmAcceptsAreAccepted(String name) {
    assertThatCode(() -> read(name)).doesNotThrowAnyException();
  }

  private static Configuration read(String name) throws ConfException, IOException {
    return Configuration.read(FILES.resolve("bad").resolve(name + ".conf"));
  }

  @Test
  void theMessageShowsTheLineAndGuessesWhatWasMeant() {
    Source source =
        Source.of("r0.res", "resource r0 {\n\tnet { ping-intt 10; }\n\tdiks /dev/vg/x;\n}\n");

    ConfException refused =
        catchThrowableOfType(
            ConfException.class, () -> ConfigurationReader.read(StatementParser.parse(source)));

    assertThat(refused)
        .hasMessage(
            """
            r0.res:2:8: error: 'net' has no option 'ping-intt'; did you mean 'ping-int'?
             2 | \tnet { ping-intt 10; }
               | \t      ^^^^^^^^^
            r0.res:3:2: error: a resource has no 'diks'; did you mean 'disk'?
             3 | \tdiks /dev/vg/x;
               | \t^^^^
            """);
  }
}
