package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        "92-92-92-mesh-crash-primary.alpha",
        "92-92-92-mesh-quorum.alpha",
        "92-92-92-mesh-quorum.charlie",
        "92-92-admin.bravo",
        "92-92-crash-primary.alpha",
        "92-92-crash-primary.bravo",
        "93-84-detach-primary.alpha",
        "93-84-reconnect-resync.alpha",
        "93-92-93-mesh.charlie",
        "93-93-congestion.alpha",
        "93-93-congestion.bravo",
        "93-93-detach-primary.alpha",
        "93-93-detach-primary.bravo",
        "93-93-split-brain.alpha",
      })
  void followsTheKernel(String name) throws IOException {
    KernelLog log = KernelLog.parse(read(name));
    ResourceSnapshot now = log.start();
    List<String> sent = new ArrayList<>();
    for (KernelLog.Step step : log.steps()) {
      ResourceSnapshot wanted = now;
      for (String cause : step.causes()) {
        wanted = KernelLog.change(wanted, cause);
      }
      String where = "%s line %d".formatted(name, step.line());
      ResourceSnapshot next = apply(now, wanted, step.kind(), where, sent);
      if (!step.isSetup()) {
        assertThat(StateText.lines(now, next)).as(where).containsExactlyElementsOf(step.logged());
      }
      now = next;
    }
    for (int peer : now.connections().keySet()) {
      assertThat(to(peer, withoutRepetitions(sent)))
          .as("%s to node %d", name, peer)
          .containsExactlyElementsOf(to(peer, log.sent()));
    }
  }

  private static ResourceSnapshot apply(
      ResourceSnapshot now,
      ResourceSnapshot wanted,
      ChangeKind kind,
      String where,
      List<String> sent) {
    return switch (StateChange.apply(now, wanted, kind)) {
      case Outcome.Changed changed -> {
        changed.effects().forEach(effect -> note(effect, changed.after(), sent));
        yield changed.after();
      }
      case Outcome.Unchanged unchanged -> unchanged.state();
      case Outcome.Refused refused -> fail("%s: %s", where, refused);
    };
  }

  private static void note(Effect effect, ResourceSnapshot resource, List<String> sent) {
    if (effect instanceof Effect.SendState state) {
      int version = resource.connection(state.peer()).facts().protocolVersion();
      sent.add(
          "%d %d %08x"
              .formatted(
                  state.peer(), state.volume(), state.word().pack(DiskNumbering.of(version))));
    } else if (effect instanceof Effect.SendRole role) {
      sent.add("%d all 00000002".formatted(role.peer()));
    }
  }

  private static List<String> to(int peer, List<String> sent) {
    return sent.stream().filter(line -> line.startsWith(peer + " ")).toList();
  }

  /** How often the same is said of a volume, one after the other, is of no importance. */
  private static List<String> withoutRepetitions(List<String> sent) {
    Map<String, String> last = new HashMap<>();
    return sent.stream()
        .filter(line -> !line.equals(last.put(line.replaceAll(" [0-9a-f]+$", ""), line)))
        .toList();
  }

  private static List<String> read(String name) throws IOException {
    String path = "/kernel-logs/" + name + ".txt";
    try (InputStream stream = KernelLogTest.class.getResourceAsStream(path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
