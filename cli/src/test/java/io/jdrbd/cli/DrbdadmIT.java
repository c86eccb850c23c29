package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import io.jdrbd.conf.RecordedFiles;
import io.jdrbd.conf.node.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debian's own drbdadm, which needs no module to print, is the judge of what jdrbd prints. */
class DrbdadmIT {
  /** Addresses of the recordings are not on this machine. */
  private static final String UNVERIFIED = "global { disable-ip-verification; ";

  private static final List<String> COMMANDS =
      List.of(
          "sh-nop",
          "sh-resources",
          "dump",
          "dump -v",
          "-d up all",
          "-d down all",
          "-d create-md all",
          "-d attach all",
          "-d new-peer all",
          "-d wait-connect all",
          "-d secondary --force all",
          "sh-ll-dev all",
          "sh-ip all");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "01-two-node, left",
    "01-two-node, right",
    "02-two-node-84-style, right",
    "03-mesh-three-nodes, n3",
    "04-multi-volume, right",
    "05-multi-path, right",
    "06-options-heavy, right",
    "11-include, right",
    "15-inheritance, right"
  })
  void printsTheSame(String name, String node) throws Exception {
    Path recorded = RecordedFiles.directory().resolve(name + ".conf");
    String text =
        Files.readString(recorded)
            .replaceFirst("global \\{ ", UNVERIFIED)
            .replaceAll("include \"11-", "include \"" + RecordedFiles.directory() + "/11-");
    judge(text, node);
  }

  /** What the recordings do not have: lists of hosts, connections beside a mesh, odd names. */
  @Test
  void printsTheSameOfOtherForms() throws Exception {
    judge(
        """
        global { disable-ip-verification; usage-count yes; minor-count 9; }
        common { net { ping-int 3; } startup { wfc-timeout 3; degr-wfc-timeout 4; } }
        resource "r 1" {
          device drbd1; disk "/dev/vg0/a b"; flexible-meta-disk /dev/vg0/m;
          handlers { split-brain "a \\"b\\" \\\\ c"; }
          on left { node-id 3; address 127.0.0.1:7800; options { quorum 2; } }
          on right other { node-id 1; address ipv6 [2001:db8::2]:7800; }
        }
        resource r2 {
          disk { resync-rate 3M; al-extents 600; disk-barrier; no-disk-flushes; }
          net { shared-secret "a b"; verify-alg "12345"; csums-alg ""; }
          volume 5 { device minor 2; disk /dev/vg0/b; meta-disk /dev/vg0/n[7]; }
          volume 0 { device minor 3; disk /dev/vg0/c; disk { al-updates no; } }
          on left { node-id 0; address 127.0.0.1:7801; }
          on right { node-id 1; address 192.0.2.2:7801; volume 5 { disk none; } }
          on third { node-id 2; address 192.0.2.3:7801; }
          connection-mesh { hosts left right; net { protocol A; } }
          connection { host left port 7811; host third; volume 5 { disk { c-min-rate 2M; } } }
        }
        """,
        "left");
  }

  private void judge(String text, String node) throws Exception {
    Path file = Files.writeString(directory.resolve("drbd.conf"), text);
    AdmRun jdrbd = new AdmRun(new LocalHost(node, address -> true), directory);
    for (String command : COMMANDS) {
      List<String> words = new ArrayList<>(List.of("-c", file.toString()));
      words.addAll(Arrays.asList(command.split(" ", -1)));
      Result judged = drbdadm(words, node);
      AdmRun.Result ours = jdrbd.run(words);
      assertThat(ours.exit()).as("%s%n%s", command, ours.err()).isEqualTo(judged.exit());
      assertThat(withoutRepair(ours.out())).as(command).isEqualTo(judged.out());
    }
  }

  /** drbdadm of 9.22 does not know repair-md yet. */
  private static String withoutRepair(String out) {
    return out.replaceAll("(?m)^drbdmeta .* repair-md\n", "");
  }

  private Result drbdadm(List<String> words, String node) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("drbdadm"));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("__DRBD_NODE__", node);
    builder.environment().put("DRBD_DRIVER_VERSION_OVERRIDE", "9.2.14");
    return TestNode.run(builder, directory);
  }
}
