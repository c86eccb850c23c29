package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.conf.RecordedFiles;
import io.jdrbd.conf.node.LocalHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What drbdadm 9.34 printed for the recorded configurations, and what jdrbd prints. */
class RecordedDryRunTest {
  private static final String RECORDED_ROOT = "/srv/drbd";
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "left", "192.0.2.1",
          "right", "192.0.2.2",
          "far", "198.51.100.1",
          "n1", "10.1.0.1",
          "n2", "10.1.0.2",
          "n3", "10.1.0.3");

  /** Not compared: what other tests look at, and what jdrbd does not have. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "dump-xml",
          "--version",
          "no-such-command",
          "before-resync-target",
          "split-brain",
          "fence-peer",
          "pri-lost",
          "proxy-up",
          "proxy-down");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-two-node.left",
        "01-two-node.right",
        "02-two-node-84-style.left",
        "02-two-node-84-style.right",
        "03-mesh-three-nodes.n1",
        "03-mesh-three-nodes.n2",
        "04-multi-volume.left",
        "04-multi-volume.right",
        "05-multi-path.left",
        "06-options-heavy.left",
        "07-diskless-tiebreaker.n1",
        "07-diskless-tiebreaker.n3",
        "08-linstor-style.n1",
        "08-linstor-style.n3",
        "09-floating.left",
        "10-stacked.far",
        "10-stacked.left",
        "11-include.left",
        "12-proxy.left",
        "13-options-9.34.n1",
        "13-options-9.34.n3",
        "14-ambiguous-inheritance.left",
        "15-inheritance.left",
        "15-inheritance.right",
        "bad-configs.left"
      })
  void asRecorded(String name) throws IOException {
    String node = name.substring(name.lastIndexOf('.') + 1);
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (Transcript.Entry entry : Transcript.read("dryrun/" + name + ".txt").entries()) {
      if (entry.words().stream().anyMatch(LEFT_OUT::contains) || isUsage(entry)) {
        continue;
      }
      compared++;
      AdmRun.Result result = run(entry.words(), node);
      boolean same =
          result.exit() == entry.exit()
              && result.out().equals(Differences.withoutStrayMarks(entry.out()));
      if (same == Differences.isKnown(name, entry)) {
        differences.add(
            "%s%n--- recorded: exit %d%n%s--- jdrbd: exit %d%n%s%s"
                .formatted(
                    entry.line(),
                    entry.exit(),
                    entry.out(),
                    result.exit(),
                    result.out(),
                    result.err()));
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(compared).isPositive();
  }

  private static boolean isUsage(Transcript.Entry entry) {
    return entry.out().contains("USAGE: drbdadm") || entry.line().contains("--bogus");
  }

  private AdmRun.Result run(List<String> recorded, String node) throws IOException {
    List<String> words =
        recorded.stream().map(word -> word.replace(RECORDED_ROOT, files().toString())).toList();
    LocalHost host = new LocalHost(node, ADDRESSES.get(node)::equals);
    AdmRun.Result result = new AdmRun(host, directory).run(words);
    return new AdmRun.Result(
        result.exit(), result.out().replace(files().toString(), RECORDED_ROOT), result.err());
  }

  private static Path files() {
    return RecordedFiles.directory();
  }
}
