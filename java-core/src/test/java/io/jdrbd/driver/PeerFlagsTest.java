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
  private PairDisks disks;

  @BeforeEach
  void create() throws IOException {
    disks = PairDisks.create(directory);
  }

  private static String flags(DiskFile disk) throws IOException {
    SuperblockV09 found = disk.superblock();
    return "%x %x %x"
        .formatted(
            found.flags().without(DeviceFlag.AL_CLEAN).bits(),
            found.peers().get(0).flags().bits(),
            found.peers().get(1).flags().bits());
  }

  private void assertFlags(String first, String second) throws IOException {
    assertThat(flags(disks.first())).isEqualTo(first);
    assertThat(flags(disks.second())).isEqualTo(second);
  }

  /** On a disk in use, of which a copy is read. */
  private void awaitFlags(DiskFile disk, String wanted) throws IOException {
    DiskFile copy = new DiskFile(directory.resolve("copy"));
    String found = "";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!found.equals(wanted) && System.nanoTime() < end) {
      Files.copy(disk.path(), copy.path(), StandardCopyOption.REPLACE_EXISTING);
      found = flags(copy);
    }
    assertThat(found).isEqualTo(wanted);
  }

  /** Disconnected in good order, detached: writes-C and most others. */
  @Test
  void afterAnOrderlyEnd() throws IOException {
    try (TestPair pair = disks.nodes()) {
      TestNode alpha = pair.alpha();
      pair.beginFresh();
      assertThat(alpha.primary(false).ok()).isTrue();
      alpha.write(0, 4096, 1);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.disconnect(false).ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
    }
    assertFlags("411 10000 10", "411 10 10000");
  }

  /** Nobody ever became Primary: auth-fail, io-error-resync. */
  @Test
  void afterAMeetingOfFreshDisks() throws IOException {
    try (TestPair pair = disks.nodes()) {
      pair.attach();
      pair.connect();
      pair.alpha().awaitState(ConnectionState.CONNECTED);
      pair.bravo().awaitState(ConnectionState.CONNECTED);
    }
    assertFlags("400 10000 12", "400 12 10000");
  }

  /** The Primary's machine stops: crash-primary. */
  @Test
  void afterTheCrashOfAPrimary() throws IOException {
    DiskFile left = new DiskFile(directory.resolve("left"));
    try (TestPair pair = disks.nodes()) {
      TestNode alpha = pair.alpha();
      pair.beginFresh();
      assertThat(alpha.primary(false).ok()).isTrue();
      alpha.write(0, 4096, 1);
      Files.copy(disks.first().path(), left.path());
      assertThat(flags(left)).isEqualTo("453 10000 11");
      awaitFlags(disks.second(), "413 11 10000");
      assertThat(left.marked()).as("cleared on disk as well").isZero();
    }
  }

  @Test
  void aPeerThatWasOutdatedIsKnownAsSuchAfterARestart() throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-only");
    try (TestPair pair = disks.nodes(net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      assertThat(alpha.disconnect(false).ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
      bravo.awaitDiskState(DiskState.OUTDATED);
      assertThat(alpha.secondary().ok()).isTrue();
    }
    assertFlags("411 10000 16", "401 14 10000");
    try (TestPair pair = disks.nodes(net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.peerDisk()).isEqualTo(DiskState.OUTDATED);
      assertThat(alpha.diskState()).isEqualTo(DiskState.UP_TO_DATE);
      assertThat(alpha.connect().ok()).isTrue();
      assertThat(alpha.primary(false).ok()).as("nobody can have newer data").isTrue();
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isFalse();
      assertThat(bravo.connect().ok()).isTrue();
      pair.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
    }
  }

  @Test
  void withFencingGoodDataIsNotTakenForCurrentBeforeThePeerIsThere() throws IOException {
    Map<String, String> net = Map.of("fencing", "resource-only");
    try (TestPair pair = disks.nodes(net)) {
      pair.beginFresh();
    }
    try (TestPair pair = disks.nodes(net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.diskState()).isEqualTo(DiskState.CONSISTENT);
      assertThat(alpha.primary(false).ok()).isFalse();
      assertThat(bravo.attach().ok()).isTrue();
      pair.connect();
      pair.awaitInSync();
      assertThat(alpha.primary(false).ok()).isTrue();
      assertThat(alpha.secondary().ok()).isTrue();
    }
  }
}
