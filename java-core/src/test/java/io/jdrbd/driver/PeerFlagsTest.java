package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the metadata says of the peer after a scenario, as the dumps of kernel nodes show it after
 * the same (9.2.14 and 9.3.3, node 0 and node 1). Flags: device, then the records of node 0 and 1;
 * AL_CLEAN aside, which kernels leave to drbdmeta.
 */
class PeerFlagsTest {
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

  private TestNode alpha(Map<String, String> net) {
    return new TestNode(0, first, net);
  }

  private TestNode bravo(Map<String, String> net) {
    return new TestNode(1, second, net);
  }

  private static void start(TestNode... nodes) {
    for (TestNode node : nodes) {
      assertThat(node.attach().ok()).isTrue();
    }
    for (TestNode node : nodes) {
      assertThat(node.connect().ok()).isTrue();
    }
  }

  private static String flags(SuperblockV09 found) {
    return "%x %x %x"
        .formatted(
            found.flags().without(DeviceFlag.AL_CLEAN).bits(),
            found.peers().get(0).flags().bits(),
            found.peers().get(1).flags().bits());
  }

  private static String flags(Path disk) throws IOException {
    return flags(TestNode.superblock(disk));
  }

  /** On a disk in use, of which a copy is read. */
  private void awaitFlags(Path disk, String wanted) throws IOException {
    Path copy = directory.resolve("copy");
    String found = "";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!found.equals(wanted) && System.nanoTime() < end) {
      Files.copy(disk, copy, StandardCopyOption.REPLACE_EXISTING);
      found = flags(copy);
    }
    assertThat(found).isEqualTo(wanted);
  }

  /** Disconnected in good order, detached: writes-C and most others. */
  @Test
  void afterAnOrderlyEnd() throws IOException {
    try (TestNode alpha = alpha(Map.of());
        TestNode bravo = bravo(Map.of())) {
      start(alpha, bravo);
      alpha.awaitState(ConnectionState.CONNECTED);
      assertThat(alpha.newGeneration().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.primary(false).ok()).isTrue();
      alpha.write(0, 4096, 1);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.disconnect(false).ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
    }
    assertThat(flags(first)).isEqualTo("411 10000 10");
    assertThat(flags(second)).isEqualTo("411 10 10000");
  }

  /** Nobody ever became Primary: auth-fail, io-error-resync. */
  @Test
  void afterAMeetingOfFreshDisks() throws IOException {
    try (TestNode alpha = alpha(Map.of());
        TestNode bravo = bravo(Map.of())) {
      start(alpha, bravo);
      alpha.awaitState(ConnectionState.CONNECTED);
      bravo.awaitState(ConnectionState.CONNECTED);
    }
    assertThat(flags(first)).isEqualTo("400 10000 12");
    assertThat(flags(second)).isEqualTo("400 12 10000");
  }

  /** The Primary's machine stops: crash-primary. */
  @Test
  void afterTheCrashOfAPrimary() throws IOException {
    Path left = directory.resolve("left");
    try (TestNode alpha = alpha(Map.of());
        TestNode bravo = bravo(Map.of())) {
      start(alpha, bravo);
      alpha.awaitState(ConnectionState.CONNECTED);
      assertThat(alpha.newGeneration().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.primary(false).ok()).isTrue();
      alpha.write(0, 4096, 1);
      Files.copy(first, left);
      assertThat(flags(left)).isEqualTo("453 10000 11");
      awaitFlags(second, "413 11 10000");
      assertThat(TestNode.marked(left)).as("cleared on disk as well").isZero();
    }
  }

  @Test
  void aPeerThatWasOutdatedIsKnownAsSuchAfterARestart() throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-only");
    try (TestNode alpha = alpha(net);
        TestNode bravo = bravo(net)) {
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(alpha.primary(true).ok()).isTrue();
      assertThat(alpha.connect().ok()).isTrue();
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.disconnect(false).ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
      bravo.awaitDiskState(DiskState.OUTDATED);
      assertThat(alpha.secondary().ok()).isTrue();
    }
    assertThat(flags(first)).isEqualTo("411 10000 16");
    assertThat(flags(second)).isEqualTo("401 14 10000");
    try (TestNode alpha = alpha(net);
        TestNode bravo = bravo(net)) {
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.peerDisk()).isEqualTo(DiskState.OUTDATED);
      assertThat(alpha.diskState()).isEqualTo(DiskState.UP_TO_DATE);
      assertThat(alpha.connect().ok()).isTrue();
      assertThat(alpha.primary(false).ok()).as("nobody can have newer data").isTrue();
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isFalse();
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
    }
  }

  @Test
  void withFencingGoodDataIsNotTakenForCurrentBeforeThePeerIsThere() throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-only");
    try (TestNode alpha = alpha(net);
        TestNode bravo = bravo(net)) {
      start(alpha, bravo);
      alpha.awaitState(ConnectionState.CONNECTED);
      assertThat(alpha.newGeneration().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
    }
    try (TestNode alpha = alpha(net);
        TestNode bravo = bravo(net)) {
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.diskState()).isEqualTo(DiskState.CONSISTENT);
      assertThat(alpha.primary(false).ok()).isFalse();
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(alpha.connect().ok()).isTrue();
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.primary(false).ok()).isTrue();
      assertThat(alpha.secondary().ok()).isTrue();
    }
  }
}
