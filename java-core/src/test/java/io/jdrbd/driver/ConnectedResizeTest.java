package io.jdrbd.driver;

import static io.jdrbd.driver.TestPair.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResizeWish;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both disks have grown, and the volume grows while the two nodes are connected. */
class ConnectedResizeTest {
  private static final int MORE_BYTES = 4 << 20;
  private static final int GROWN_BYTES = DiskFile.DATA_BYTES + MORE_BYTES;

  private PairDisks disks;

  @BeforeEach
  void create(@TempDir Path directory) throws IOException {
    disks = PairDisks.create(directory);
  }

  /** In sync, and the first is Primary. */
  private static void begin(TestPair pair) {
    pair.beginFresh();
    assertPassed(pair.alpha().primary(false));
    pair.alpha().write(0, 65536, 1);
  }

  private void growBoth() throws IOException {
    disks.first().grow(MORE_BYTES, 3);
    disks.second().grow(MORE_BYTES, 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void whatIsNewIsResyncedAndReplicated(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(pair);
      growBoth();
      assertThat(alpha.resize(ResizeWish.WHOLE)).isInstanceOf(Verdict.Passed.class);
      pair.awaitSize(GROWN_BYTES);
      pair.awaitInSync();
      alpha.write(DiskFile.DATA_BYTES - 4096, 65536, 5);
      alpha.write(GROWN_BYTES - 8192, 8192, 6);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isTrue();
      bravo.write(GROWN_BYTES - 4096, 4096, 7);
      assertThat(bravo.secondary().ok()).isTrue();
      assertThat(alpha.data(GROWN_BYTES)).isEqualTo(bravo.data(GROWN_BYTES));
    }
    assertThat(disks.first().marked()).isZero();
    assertThat(disks.second().marked()).isZero();
    assertThat(disks.second().superblock().common().effectiveSizeSectors())
        .isEqualTo(GROWN_BYTES / 512);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void whatIsNewMayBeTakenAsEqual(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(pair);
      growBoth();
      assertThat(alpha.resize(new ResizeWish(0, false, true)).ok()).isTrue();
      pair.awaitSize(GROWN_BYTES);
      alpha.write(GROWN_BYTES - 8192, 8192, 6);
      assertThat(alpha.secondary().ok()).isTrue();
      byte[] one = alpha.data(GROWN_BYTES);
      byte[] other = bravo.data(GROWN_BYTES);
      assertThat(one).isNotEqualTo(other);
      assertThat(one).endsWith(Arrays.copyOfRange(other, GROWN_BYTES - 8192, GROWN_BYTES));
    }
    assertThat(disks.first().marked()).isZero();
    assertThat(disks.second().marked()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void theSmallerDiskDecides(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(pair);
      disks.first().grow(MORE_BYTES, 3);
      assertThat(alpha.resize(ResizeWish.WHOLE).ok()).isTrue();
      alpha.write(8192, 4096, 8);
      assertThat(alpha.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      disks.second().grow(MORE_BYTES, 4);
      assertThat(bravo.resize(ResizeWish.WHOLE).ok()).as("the Secondary may ask as well").isTrue();
      pair.awaitSize(GROWN_BYTES);
      pair.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.data(GROWN_BYTES)).isEqualTo(bravo.data(GROWN_BYTES));
    }
  }

  @Test
  void aSizeThatWasAskedForCountsOnBothNodes() throws IOException {
    long wanted = DiskFile.DATA_BYTES + (1 << 20);
    try (TestPair pair = disks.nodes()) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(pair);
      growBoth();
      assertThat(alpha.resize(new ResizeWish(1 << 20, false, false)).ok()).isFalse();
      assertThat(alpha.resize(new ResizeWish(1000, false, false)).ok()).isFalse();
      assertThat(alpha.resize(new ResizeWish(wanted / 512, false, false)).ok()).isTrue();
      assertThat(alpha.sizeBytes()).isEqualTo(wanted);
      bravo.awaitSize(wanted);
      pair.awaitInSync();
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(alpha.data((int) wanted)).isEqualTo(bravo.data((int) wanted));
    }
    assertThat(disks.second().superblock().common().effectiveSizeSectors()).isEqualTo(wanted / 512);
  }
}
