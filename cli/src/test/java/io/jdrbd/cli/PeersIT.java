package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about peers, for real, on a node that is never connected. */
class PeersIT {
  private static final String HERE = "ipv4:127.0.0.1:7801";
  private static final String THERE = "ipv4:127.0.0.1:7802";

  @TempDir private Path directory;

  @Test
  void peersAreConfiguredShownKeptAndDeleted() throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      node.succeeds("new-resource", "r0", "0");
      node.succeeds("new-minor", "r0", "10", "0", "--device=none");
      node.succeeds("new-peer", "r0", "1", "--_name=bravo", "--protocol=a", "--timeout", "70");
      node.succeeds("new-path", "r0", "1", "local:" + HERE, "peer:" + THERE);
      node.succeeds("peer-device-options", "r0", "1", "0", "--c-max-rate=700M");
      node.succeeds("net-options", "r0", "1", "--set-defaults", "--_name=bravo", "--ping-int=3");
      assertThat(node.succeeds("cstate", "r0", "1")).isEqualTo("StandAlone\n");
      assertThat(node.succeeds("peer-role", "r0", "1")).isEqualTo("Unknown\n");
      assertThat(node.succeeds("dstate", "10")).isEqualTo("Diskless/DUnknown\n");
      assertThat(node.succeeds("status"))
          .isEqualTo(
              """
              r0 role:Secondary
                disk:Diskless client:no open:no
                bravo connection:StandAlone

              """);
      assertThat(node.succeeds("events2", "--now"))
          .contains(
              "exists connection name:r0 peer-node-id:1 conn-name:bravo connection:StandAlone",
              "exists path name:r0 peer-node-id:1 conn-name:bravo local:%s peer:%s"
                  .formatted(HERE, THERE));
      node.succeeds("wait-connect-resource", "r0");

      String show = node.succeeds("show");
      assertThat(show).contains("ping-int        \t3; # seconds", "_cstate StandAlone;", "716800k");
      node.kill();
      node.restart();
      assertThat(node.succeeds("show")).isEqualTo(show);

      refused(node, 10, "r0: Failure: (162) Invalid configuration request", "new-peer", "r0", "1");
      refused(node, 10, "r0: Failure: (126) UnknownMandatoryTag", "new-peer", "r0", "2");
      refused(node, 10, "r0: Failure: (125) ", "forget-peer", "r0", "1");
      refused(node, 10, "r0: Failure: (171) ", "forget-peer", "r0", "0");
      node.succeeds("forget-peer", "r0", "2");
      refused(node, 10, "10: Failure: (138) ", "disk-options", "10", "--on-io-error=pass_on");
      refused(node, 10, "r0: Failure: (173) ", "new-path", "r0", "1", HERE, THERE);
      refused(node, 10, "r0: Failure: (125) ", "del-resource", "r0");
      assertThat(node.jdrbd("new-path", "r0", "1", "localhost:1", THERE).exit()).isEqualTo(20);
      assertThat(node.jdrbd("cstate", "r0", "7"))
          .isEqualTo(new Result(10, "", "r0: No such connection\n"));
      resyncIsCommanded(node);
      node.succeeds("disconnect", "r0", "1");
      node.succeeds("del-path", "r0", "1", HERE, THERE);
      refused(node, 10, "r0: Failure: (162) ", "connect", "r0", "1");
      assertThat(node.succeeds("explain", "r0"))
          .contains(
              "r0: this node (id 0) is Secondary.",
              "bravo (node 1): StandAlone; nothing is tried until the command connect.",
              "connection bravo, connect: (162) Invalid configuration request",
              "there is no path to bravo; make one with new-path");
      node.succeeds("down", "r0");
      assertThat(node.succeeds("status")).isEqualTo("# No currently configured DRBD found.\n");
    }
  }

  private static void resyncIsCommanded(TestNode node) throws IOException, InterruptedException {
    node.succeeds("pause-sync", "r0", "1", "0");
    assertThat(node.succeeds("events2", "--now")).contains("resync-suspended:user");
    refused(node, 10, "r0: Failure: (134) ", "pause-sync", "r0", "1", "0");
    node.succeeds("resume-sync", "r0", "1", "0");
    refused(node, 10, "r0: Failure: (135) ", "resume-sync", "r0", "1", "0");
    refused(node, 10, "r0: Failure: (138) ", "verify", "r0", "1", "0", "--start=8s");
    refused(node, 10, "r0: Failure: (138) ", "invalidate-remote", "r0", "1", "0");
    refused(node, 10, "r0: Failure: (162) ", "verify", "r0", "1", "7");
    assertThat(node.jdrbd("invalidate", "10", "--reset-bitmap=perhaps").exit()).isEqualTo(20);
    assertThat(node.jdrbd("invalidate", "10").exit()).isEqualTo(16);
  }

  @Test
  void waitingForAPeerThatIsNotThereEndsWhenItsTimeIsOver()
      throws IOException, InterruptedException {
    try (TestNode node = TestNode.start(directory)) {
      node.succeeds("new-resource", "r0", "0");
      node.succeeds("new-minor", "r0", "10", "0", "--device=none");
      node.succeeds("new-peer", "r0", "1", "--_name=bravo");
      node.succeeds("new-path", "r0", "1", HERE, THERE);

      Result connect = node.jdrbd("connect", "r0", "1", "--wait=1");
      assertThat(connect.exit()).isEqualTo(5);
      assertThat(connect.err()).contains("r0: not connected after 1 s: bravo/0: Connecting");
      assertThat(node.jdrbd("wait-connect-resource", "r0", "--wfc-timeout=1").exit()).isEqualTo(5);
      node.succeeds("wait-connect-resource", "r1", "--wfc-timeout=60");
      node.succeeds("down", "r0");
    }
  }

  private static void refused(TestNode node, int exit, String message, String... words)
      throws IOException, InterruptedException {
    Result result = node.jdrbd(words);
    assertThat(result.exit()).as("%s: %s", words[0], result.err()).isEqualTo(exit);
    assertThat(result.err()).startsWith(message).contains("\nadditional info from kernel:\n");
  }
}
