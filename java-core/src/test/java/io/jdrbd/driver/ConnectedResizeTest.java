package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.resource.ResizeWish;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both disks have grown, and the volume grows while the two nodes are connected. */
class ConnectedResizeTest {
  private static final int MORE_BYTES = 4 << 20;
  private static final int GROWN_BYTES = TestNode.DATA_BYTES + MORE_BYTES;

  @TempDir private Path directory;
  private Path first;
  private Path second;

  static List<SessionSettings.Versions> versions() {
    return List.of(ClusterDriver.UP_TO_101, ClusterDriver.UP_TO_122);
  }

  @BeforeEach
  void create() throws IOException {
    first = directory.resolve("alpha");
    second = directory.resolve("bravo");
    TestNode.create(first);
    TestNode.create(second);
  }

  private static void connect(TestNode alpha, TestNode bravo) {
    assertThat(alpha.attach().ok()).isTrue();
    assertThat(bravo.attach().ok()).isTrue();
    assertThat(alpha.connect().ok()).isTrue();
    assertThat(bravo.connect().ok()).isTrue();
    alpha.awaitState(ConnectionState.CONNECTED);
    bravo.awaitState(ConnectionState.CONNECTED);
    alpha.awaitEstablished();
    assertThat(alpha.newGeneration().ok()).isTrue();
    alpha.awaitInSync();
    bravo.awaitInSync();
    assertThat(alpha.primary(false).ok()).isTrue();
    alpha.write(0, 65536, 1);
  }

  /** What is new on a disk is anything. */
  private static void grow(Path disk, int seed) throws IOException {
    byte[] garbage = new byte[MORE_BYTES];
    new Random(seed).nextBytes(garbage);
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(file.length());
      file.write(garbage);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsNewIsResyncedAndReplicated(SessionSettings.Versions versions) throws IOException {
    try (TestNode alpha = new TestNode(0, first, Map.of(), versions);
        TestNode bravo = new TestNode(1, second, Map.of(), versions)) {
      connect(alpha, bravo);
      grow(first, 3);
      grow(second, 4);
      assertThat(alpha.resize(ResizeWish.WHOLE)).isInstanceOf(Verdict.Passed.class);
      alpha.awaitSize(GROWN_BYTES);
      bravo.awaitSize(GROWN_BYTES);
      alpha.awaitInSync();
      bravo.awaitInSync();
      alpha.write(TestNode.DATA_BYTES - 4096, 65536, 5);
      alpha.write(GROWN_BYTES - 8192, 8192, 6);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isTrue();
      bravo.write(GROWN_BYTES - 4096, 4096, 7);
      assertThat(bravo.secondary().ok()).isTrue();
      assertThat(alpha.data(GROWN_BYTES)).isEqualTo(bravo.data(GROWN_BYTES));
    }
    assertThat(TestNode.marked(first)).isZero();
    assertThat(TestNode.marked(second)).isZero();
    assertThat(TestNode.superblock(second).common().effectiveSizeSectors())
        .isEqualTo(GROWN_BYTES / 512);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsNewMayBeTakenAsEqual(SessionSettings.Versions versions) throws IOException {
    try (TestNode alpha = new TestNode(0, first, Map.of(), versions);
        TestNode bravo = new TestNode(1, second, Map.of(), versions)) {
      connect(alpha, bravo);
      grow(first, 3);
      grow(second, 4);
      assertThat(alpha.resize(new ResizeWish(0, false, true)).ok()).isTrue();
      alpha.awaitSize(GROWN_BYTES);
      bravo.awaitSize(GROWN_BYTES);
      alpha.write(GROWN_BYTES - 8192, 8192, 6);
      assertThat(alpha.secondary().ok()).isTrue();
      byte[] one = alpha.data(GROWN_BYTES);
      byte[] other = bravo.data(GROWN_BYTES);
      assertThat(one).isNotEqualTo(other);
      assertThat(one).endsWith(Arrays.copyOfRange(other, GROWN_BYTES - 8192, GROWN_BYTES));
    }
    assertThat(TestNode.marked(first)).isZero();
    assertThat(TestNode.marked(second)).isZero();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theSmallerDiskDecides(SessionSettings.Versions versions) throws IOException {
    try (TestNode alpha = new TestNode(0, first, Map.of(), versions);
        TestNode bravo = new TestNode(1, second, Map.of(), versions)) {
      connect(alpha, bravo);
      grow(first, 3);
      assertThat(alpha.resize(ResizeWish.WHOLE).ok()).isTrue();
      alpha.write(8192, 4096, 8);
      assertThat(alpha.sizeBytes()).isEqualTo(TestNode.DATA_BYTES);
      assertThat(bravo.sizeBytes()).isEqualTo(TestNode.DATA_BYTES);
      grow(second, 4);
      assertThat(bravo.resize(ResizeWish.WHOLE).ok()).as("the Secondary may ask as well").isTrue();
      alpha.awaitSize(GROWN_BYTES);
      bravo.awaitSize(GROWN_BYTES);
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.data(GROWN_BYTES)).isEqualTo(bravo.data(GROWN_BYTES));
    }
  }

  @Test
  void aSizeThatWasAskedForCountsOnBothNodes() throws IOException {
    long wanted = TestNode.DATA_BYTES + (1 << 20);
    try (TestNode alpha = new TestNode(0, first, Map.of());
        TestNode bravo = new TestNode(1, second, Map.of())) {
      connect(alpha, bravo);
      grow(first, 3);
      grow(second, 4);
      assertThat(alpha.resize(new ResizeWish(1 << 20, false, false)).ok()).isFalse();
      assertThat(alpha.resize(new ResizeWish(1000, false, false)).ok()).isFalse();
      assertThat(alpha.resize(new ResizeWish(wanted / 512, false, false)).ok()).isTrue();
      assertThat(alpha.sizeBytes()).isEqualTo(wanted);
      bravo.awaitSize(wanted);
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.data((int) wanted)).isEqualTo(bravo.data((int) wanted));
    }
    assertThat(TestNode.superblock(second).common().effectiveSizeSectors()).isEqualTo(wanted / 512);
  }
}
