package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I/O waits where it must, and goes on or fails afterwards (spec 2.18, 4.19). */
class SuspensionTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;
  private Path first;
  private Path second;

  @BeforeEach
  void create() throws IOException {
    first = directory.resolve("alpha");
    second = directory.resolve("bravo");
    TestNode.create(first);
    TestNode.create(second);
  }

  private TestNode alpha(int version, Map<String, String> net) {
    return new TestNode(0, first, net, versions(version));
  }

  private TestNode bravo(int version, Map<String, String> net) {
    return new TestNode(1, second, net, versions(version));
  }

  private static SessionSettings.Versions versions(int max) {
    return max == 101 ? ClusterDriver.UP_TO_101 : ClusterDriver.UP_TO_122;
  }

  private static void begin(TestNode alpha, TestNode bravo) {
    alpha.attach();
    bravo.attach();
    assertThat(alpha.primary(true).ok()).isTrue();
    alpha.write(0, 65536, 1);
    alpha.connect();
    bravo.connect();
    alpha.awaitInSync();
    bravo.awaitInSync();
  }

  private static void assertWritten(CompletableFuture<Boolean> write) {
    assertThat(write.orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
  }

  private static void assertEqual(TestNode alpha, TestNode bravo) throws IOException {
    alpha.awaitInSync();
    bravo.awaitInSync();
    assertThat(alpha.data()).isEqualTo(bravo.data());
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void byCommand(int version) throws IOException {
    try (TestNode alpha = alpha(version, Map.of());
        TestNode bravo = bravo(version, Map.of())) {
      begin(alpha, bravo);
      alpha.suspend(true);
      assertThat(alpha.suspensions()).containsExactly(IoSuspension.USER);
      CompletableFuture<Boolean> write = alpha.begin(MIB, 4096, 2);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitPeerDisk(DiskState.D_UNKNOWN);
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitInSync();
      assertThat(write).as("still waits").isNotDone();
      alpha.suspend(false);
      assertWritten(write);
      assertThat(alpha.suspensions()).isEmpty();
      assertEqual(alpha, bravo);
    }
  }

  /** The peer is gone, the handler says that it is outdated: on with a generation of its own. */
  @ParameterizedTest
  @CsvSource({"101,4", "122,4", "122,5", "122,7"})
  void untilThePeerIsFenced(int version, int exitCode) throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-and-stonith");
    try (TestNode alpha = alpha(version, net);
        TestNode bravo = bravo(version, net)) {
      begin(alpha, bravo);
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
          .containsEntry("DRBD_BACKING_DEV_0", first.toString())
          .containsEntry("UP_TO_DATE_NODES", "0x00000001");
      bravo.connect();
      assertEqual(alpha, bravo);
    }
  }

  /** The handler is of no use: I/O stays frozen, until the peer is back. */
  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void untilThePeerIsBack(int version) throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-and-stonith");
    try (TestNode alpha = alpha(version, net);
        TestNode bravo = bravo(version, net)) {
      begin(alpha, bravo);
      alpha.handlersAnswer(1);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitSuspension(IoSuspension.FENCING);
      CompletableFuture<Boolean> write = alpha.begin(MIB, 4096, 2);
      assertThat(bravo.connect().ok()).isTrue();
      assertWritten(write);
      assertThat(alpha.suspensions()).isEmpty();
      assertEqual(alpha, bravo);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void untilDataCanBeReached(int version) throws IOException {
    try (TestNode alpha = alpha(version, Map.of());
        TestNode bravo = bravo(version, Map.of())) {
      begin(alpha, bravo);
      alpha.options(Map.of("on-no-data-accessible", "suspend-io"));
      assertThat(alpha.detach().ok()).isTrue();
      alpha.write(MIB, 4096, 2);
      assertThat(bravo.disconnect(true).ok()).isTrue();
      alpha.awaitSuspension(IoSuspension.NO_DATA);
      CompletableFuture<Boolean> write = alpha.begin(2 * MIB, 4096, 3);
      assertThat(bravo.connect().ok()).isTrue();
      assertWritten(write);
      alpha.awaitSuspension();
      assertThat(alpha.read(MIB, 4096)).isEqualTo(TestNode.pattern(4096, 2));
      assertThat(alpha.attach().ok()).isTrue();
      assertEqual(alpha, bravo);
    }
  }

  @ParameterizedTest
  @CsvSource({"122,suspend-io", "122,io-error"})
  void untilThereIsQuorum(int version, String policy) throws IOException {
    try (TestNode alpha = alpha(version, Map.of());
        TestNode bravo = bravo(version, Map.of())) {
      begin(alpha, bravo);
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
        CompletableFuture<Boolean> write = alpha.begin(2 * MIB, 4096, 3);
        assertThat(bravo.connect().ok()).isTrue();
        assertWritten(write);
        assertThat(alpha.suspensions()).isEmpty();
      }
      assertEqual(alpha, bravo);
    }
  }
}
