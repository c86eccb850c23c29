package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.RecordedFiles;
import io.jdrbd.conf.ShownResource;
import io.jdrbd.conf.node.LocalHost;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.plan.Adjustment;
import io.jdrbd.plan.Selection;
import io.jdrbd.plan.Step;
import io.jdrbd.plan.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What drbdadm 9.34 did for adjust, for recorded states of what was running. */
class RecordedAdjustmentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-nothing-running",
        "02-in-sync",
        "03-peer-missing",
        "04-peer-surplus",
        "05-net-option-differs",
        "06-net-option-surplus",
        "07-resource-option-differs",
        "08-resource-option-missing",
        "09-peer-device-option-differs",
        "10-disk-option-differs",
        "11-path-changed",
        "12-path-changed-standalone",
        "13-path-surplus",
        "14-no-path",
        "15-standalone",
        "16-connecting",
        "17-disk-detached",
        "18-other-disk",
        "19-volume-missing",
        "20-volume-surplus",
        "22-transport-changed",
        "23-node-id-changed",
        "24-two-primaries",
        "25-unknown-option",
        "26-size-set",
        "27-name-changed",
        "28-other-resource",
        "29-transport-named",
        "31-client-turned-diskful"
      })
  void asRecorded(String name) throws Exception {
    List<String> recorded =
        Transcript.read("adjust/" + name + ".txt").entries().stream()
            .filter(entry -> entry.line().endsWith("adjust all"))
            .findFirst()
            .orElseThrow()
            .calls();

    assertThat(lines(name))
        .containsExactlyElementsOf(
            recorded.stream()
                .filter(call -> !call.startsWith("drbdsetup show"))
                .map(RecordedAdjustmentTest::asPrinted)
                .toList());
  }

  /** A kernel would refuse the new one while the old one is there, so that goes first. */
  @Test
  void aVolumeWhoseMinorChangesIsRemovedFirst() throws Exception {
    assertThat(lines("21-minor-changed"))
        .containsExactly(
            "drbdsetup detach --diskless 25",
            "drbdsetup del-minor 25",
            "drbdsetup new-minor mesh 20 0",
            "drbdsetup peer-device-options mesh 2 0 --set-defaults --c-max-rate=700M",
            "drbdsetup peer-device-options mesh 3 0 --set-defaults --c-max-rate=700M",
            "drbdmeta 20 v09 /dev/vg0/mesh internal repair-md",
            "drbdmeta 20 v09 /dev/vg0/mesh internal apply-al",
            "drbdsetup attach 20 /dev/vg0/mesh /dev/vg0/mesh internal --on-io-error=detach");
  }

  @Test
  void whatCannotBeUnderstoodIsRefused() {
    assertThatThrownBy(() -> lines("30-unparsable"))
        .isInstanceOf(ConfException.class)
        .hasMessageContaining("show:3:")
        .hasMessageContaining("'brand-new-option'");
  }

  private static List<String> lines(String name) throws Exception {
    NodeConfiguration configuration =
        NodeConfiguration.of(
            Configuration.read(RecordedFiles.directory().resolve("03-mesh-three-nodes.conf")),
            new LocalHost("n1", address -> true));
    Selection mesh = Selection.parse("mesh", configuration);
    Optional<ShownResource> running =
        ShownResource.read(shown(name)).stream()
            .filter(resource -> resource.name().equals("mesh"))
            .findFirst();
    return Adjustment.of(configuration, mesh, Adjustment.Wish.ALL, running).stream()
        .sorted(Comparator.comparing(Task::stage))
        .flatMap(task -> task.steps().stream())
        .map(Step::line)
        .toList();
  }

  private static String shown(String name) throws IOException {
    try (InputStream in =
        RecordedAdjustmentTest.class.getResourceAsStream("adjust/" + name + ".show.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Executed calls were recorded with quotes where a dry run prints backslashes. */
  private static String asPrinted(String call) {
    String plain = call.replaceFirst(" *\\{env .*", "");
    int quote = plain.indexOf('\'');
    if (quote < 0) {
      return plain;
    }
    int end = plain.indexOf('\'', quote + 1);
    String word = plain.substring(quote + 1, end);
    return plain.substring(0, quote)
        + word.replace("\\", "\\\\").replace(" ", "\\ ").replace("\"", "\\\"")
        + plain.substring(end + 1);
  }
}
