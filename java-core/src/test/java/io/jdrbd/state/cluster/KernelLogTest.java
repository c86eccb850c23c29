package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From the same cause the same new state follows as in the kernel: logs of real DRBD 9 nodes. The
 * names are those of scenario and node; 84, 92, 93 are the versions of the nodes.
 */
class KernelLogTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "92-84-admin.alpha",
        "92-84-congestion.alpha",
        "92-84-crash-primary-failover.alpha",
        "92-84-integrity.alpha",
        "92-84-split-brain-auto.alpha",
        "92-84-two-volumes.alpha",
        "92-92-admin.bravo",
        "92-92-crash-primary.alpha",
        "92-92-crash-primary.bravo",
        "93-84-detach-primary.alpha",
        "93-84-reconnect-resync.alpha",
        "93-93-congestion.alpha",
        "93-93-congestion.bravo",
        "93-93-detach-primary.alpha",
        "93-93-detach-primary.bravo",
        "93-93-split-brain.alpha",
      })
  void followsTheKernel(String name) throws IOException {
    KernelLog log = KernelLog.parse(read(name));
    ResourceSnapshot now = log.start();
    for (KernelLog.Step step : log.steps()) {
      ResourceSnapshot wanted = now;
      for (String cause : step.causes()) {
        wanted = KernelLog.change(wanted, cause);
      }
      String where = "%s line %d".formatted(name, step.line());
      ResourceSnapshot next = apply(now, wanted, step.kind(), where);
      assertThat(StateText.lines(now, next)).as(where).containsExactlyElementsOf(step.logged());
      now = next;
    }
  }

  private static ResourceSnapshot apply(
      ResourceSnapshot now, ResourceSnapshot wanted, ChangeKind kind, String where) {
    return switch (StateChange.apply(now, wanted, kind)) {
      case Outcome.Changed changed -> changed.after();
      case Outcome.Unchanged unchanged -> unchanged.state();
      case Outcome.Refused refused -> fail("%s: %s", where, refused);
    };
  }

  private static List<String> read(String name) throws IOException {
    String path = "/kernel-logs/" + name + ".txt";
    try (InputStream stream = KernelLogTest.class.getResourceAsStream(path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
