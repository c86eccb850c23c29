package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskUser;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I/O waits where it must, and goes on or fails afterwards (spec 2.18, 4.19). */
class SuspensionTest {
  private static final int MIB = 1 << 20;

  private PairDisks disks;

  @BeforeEach
  void create(@TempDir Path directory) throws IOException {
    disks = PairDisks.create(directory);
  }

  private static void assertWritten(CompletableFuture<Void> write) {
    assertThat(write).succeedsWithin(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void byCommand(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.suspend(true);
      assertThat(alpha.suspensions()).containsExactly(IoSuspension.USER);
      CompletableFuture<Void> write = alpha.begin(MIB, 4096, 2);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitPeerDisk(DiskState.D_UNKNOWN);
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitInSync();
      assertThat(write).as("still waits").isNotDone();
      alpha.suspend(false);
      assertWritten(write);
      assertThat(alpha.suspensions()).isEmpty();
      pair.assertEqual();
    }
  }

  /** The peer is gone, the handler says that it is outdated: on with a generation of its own. */
  @ParameterizedTest
  @CsvSource({"101,4", "122,4", "122,5", "122,7"})
  void untilThePeerIsFenced(int version, int exitCode) throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-and-stonith");
    try (TestPair pair = disks.nodes(version, net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.handlersAnswer(exitCode);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitPeerDisk(DiskState.OUTDATED);
      alpha.awaitSuspension();
      alpha.write(MIB, 4096, 2);
      Handlers.Call fence =
          alpha.handled.stream()
              .filter(call -> call.handler().equals("fence-peer"))
              .findFirst()
              .orElseThrow();
      assertThat(fence.environment())
          .containsEntry("DRBD_PEER_NODE_ID", "1")
          .containsEntry("DRBD_PEER_AF", "ipv4")
          .containsEntry("DRBD_MINOR_0", "0")
          .containsEntry("DRBD_BACKING_DEV_0", disks.first().path().toString())
          .containsEntry("UP_TO_DATE_NODES", "0x00000001");
      bravo.connect();
      pair.assertEqual();
    }
  }

  /** The handler is of no use: I/O stays frozen, until the peer is back. */
  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void untilThePeerIsBack(int version) throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-and-stonith");
    try (TestPair pair = disks.nodes(version, net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.handlersAnswer(1);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitSuspension(IoSuspension.FENCING);
      CompletableFuture<Void> write = alpha.begin(MIB, 4096, 2);
      assertThat(bravo.connect().ok()).isTrue();
      assertWritten(write);
      assertThat(alpha.suspensions()).isEmpty();
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void untilDataCanBeReached(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.options(Map.of("on-no-data-accessible", "suspend-io"));
      assertThat(alpha.detach().ok()).isTrue();
      alpha.write(MIB, 4096, 2);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitSuspension(IoSuspension.NO_DATA);
      CompletableFuture<Void> write = alpha.begin(2 * MIB, 4096, 3);
      assertThat(bravo.connect().ok()).isTrue();
      assertWritten(write);
      alpha.awaitSuspension();
      assertThat(alpha.read(MIB, 4096)).isEqualTo(DiskUser.pattern(4096, 2));
      assertThat(alpha.attach().ok()).isTrue();
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @CsvSource({"122,suspend-io", "122,io-error"})
  void untilThereIsQuorum(int version, String policy) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.options(Map.of("quorum", "majority", "on-no-quorum", policy));
      alpha.write(MIB, 4096, 2);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitPeerDisk(DiskState.D_UNKNOWN);
      if (policy.equals("io-error")) {
        assertThat(alpha.suspensions()).isEmpty();
        assertThatThrownBy(() -> alpha.write(2 * MIB, 4096, 3)).hasMessageContaining("no quorum");
        assertThat(bravo.connect().ok()).isTrue();
        alpha.awaitInSync();
        alpha.write(2 * MIB, 4096, 3);
      } else {
        alpha.awaitSuspension(IoSuspension.QUORUM);
        CompletableFuture<Void> write = alpha.begin(2 * MIB, 4096, 3);
        assertThat(bravo.connect().ok()).isTrue();
        assertWritten(write);
        assertThat(alpha.suspensions()).isEmpty();
      }
      pair.assertEqual();
    }
  }
}
