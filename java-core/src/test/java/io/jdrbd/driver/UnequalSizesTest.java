package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResizeWish;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks of two nodes that are not of the same size when the nodes meet (spec 3.2). */
class UnequalSizesTest {
  private static final int MORE_BYTES = 4 << 20;
  private static final int LARGE_BYTES = DiskFile.DATA_BYTES + MORE_BYTES;

  @TempDir private Path directory;
  private DiskFile first;
  private DiskFile second;

  private void create(int firstBytes, int secondBytes) throws IOException {
    first = DiskFile.create(directory.resolve("alpha"), firstBytes);
    second = DiskFile.create(directory.resolve("bravo"), secondBytes);
  }

  private TestPair nodes(int version) {
    return new PairDisks(first, second).nodes(version);
  }

  private static void connect(TestNode alpha, TestNode bravo) {
    assertThat(alpha.connect().ok()).isTrue();
    assertThat(bravo.connect().ok()).isTrue();
    alpha.awaitState(ConnectionState.CONNECTED);
    bravo.awaitState(ConnectionState.CONNECTED);
  }

  private static void awaitInSync(TestNode alpha, TestNode bravo) {
    alpha.awaitInSync();
    bravo.awaitInSync();
  }

  private static void assertAlike(TestNode alpha, TestNode bravo) throws IOException {
    assertThat(Arrays.mismatch(alpha.data(), bravo.data())).as("first difference").isEqualTo(-1);
  }

  /** None has data yet: the smaller one decides, whosever it is. */
  @ParameterizedTest
  @CsvSource({"101, true", "101, false", "122, true", "122, false"})
  void twoFreshDisksAreUsedAsFarAsBothReach(int version, boolean primaryIsLarger)
      throws IOException {
    create(
        primaryIsLarger ? LARGE_BYTES : DiskFile.DATA_BYTES,
        primaryIsLarger ? DiskFile.DATA_BYTES : LARGE_BYTES);
    try (TestPair pair = nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(bravo.attach().ok()).isTrue();
      connect(alpha, bravo);
      alpha.awaitEstablished();
      bravo.awaitEstablished();
      assertThat(alpha.primary(true).ok()).isTrue();
      awaitInSync(alpha, bravo);
      assertThat(alpha.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      alpha.write(DiskFile.DATA_BYTES - 8192, 8192, 5);
      assertThat(alpha.secondary().ok()).isTrue();
      assertAlike(alpha, bravo);
    }
    for (DiskFile disk : new DiskFile[] {first, second}) {
      assertThat(disk.marked()).isZero();
      assertThat(disk.superblock().common().effectiveSizeSectors())
          .isEqualTo(DiskFile.DATA_BYTES / 512);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aLargerFreshDiskJoinsOneWithData(int version) throws IOException {
    create(DiskFile.DATA_BYTES, LARGE_BYTES);
    try (TestPair pair = nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.primary(true).ok()).isTrue();
      alpha.write(0, 65536, 1);
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(bravo.sizeBytes()).isEqualTo(LARGE_BYTES);
      connect(alpha, bravo);
      awaitInSync(alpha, bravo);
      assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      assertAlike(alpha, bravo);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isTrue();
      bravo.write(DiskFile.DATA_BYTES - 4096, 4096, 2);
      assertThat(bravo.secondary().ok()).isTrue();
      assertAlike(alpha, bravo);
    }
    assertThat(second.superblock().common().effectiveSizeSectors())
        .isEqualTo(DiskFile.DATA_BYTES / 512);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aSmallerDiskIsRefusedByOneWithData(int version) throws IOException {
    create(LARGE_BYTES, DiskFile.DATA_BYTES);
    try (TestPair pair = nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      assertThat(alpha.attach().ok()).isTrue();
      assertThat(alpha.primary(true).ok()).isTrue();
      alpha.write(0, 65536, 1);
      assertThat(bravo.attach().ok()).isTrue();
      assertThat(alpha.connect().ok()).isTrue();
      assertThat(bravo.connect().ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
      assertThat(alpha.sizeBytes()).isEqualTo(LARGE_BYTES);
      assertThat(alpha.diskState()).isEqualTo(DiskState.UP_TO_DATE);
    }
  }

  /** Both disks grow while the nodes are apart, whether or not the Primary goes on writing. */
  @ParameterizedTest
  @CsvSource({"101, true", "101, false", "122, true", "122, false"})
  void disksThatGrewApartAreResizedTogether(int version, boolean writing) throws IOException {
    create(DiskFile.DATA_BYTES, DiskFile.DATA_BYTES);
    try (TestPair pair = nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(alpha, bravo);
      growApart(alpha, bravo);
      if (writing) {
        alpha.write(65536, 4096, 7);
      }
      connect(alpha, bravo);
      awaitInSync(alpha, bravo);
      assertThat(alpha.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      assertThat(alpha.resize(ResizeWish.WHOLE).ok()).isTrue();
      alpha.awaitSize(LARGE_BYTES);
      bravo.awaitSize(LARGE_BYTES);
      awaitInSync(alpha, bravo);
      alpha.write(LARGE_BYTES - 4096, 4096, 8);
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(Arrays.mismatch(alpha.data(LARGE_BYTES), bravo.data(LARGE_BYTES))).isEqualTo(-1);
    }
    assertThat(first.marked()).isZero();
    assertThat(second.marked()).isZero();
    assertThat(second.superblock().common().effectiveSizeSectors()).isEqualTo(LARGE_BYTES / 512);
  }

  private static void begin(TestNode alpha, TestNode bravo) {
    assertThat(alpha.attach().ok()).isTrue();
    assertThat(bravo.attach().ok()).isTrue();
    assertThat(alpha.primary(true).ok()).isTrue();
    alpha.write(0, 65536, 1);
    connect(alpha, bravo);
    awaitInSync(alpha, bravo);
  }

  /** One is resized while in use, which its peer holds; the other is attached anew. */
  private void growApart(TestNode alpha, TestNode bravo) throws IOException {
    assertThat(bravo.disconnect(false).ok()).isTrue();
    assertThat(alpha.disconnect(false).ok()).isTrue();
    alpha.awaitState(ConnectionState.STANDALONE);
    bravo.awaitState(ConnectionState.STANDALONE);
    first.grow(MORE_BYTES, 3);
    assertThat(alpha.resize(ResizeWish.WHOLE).ok()).isTrue();
    assertThat(alpha.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
    second.grow(MORE_BYTES, 4);
    assertThat(bravo.resize(ResizeWish.WHOLE).ok()).isTrue();
    assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
    assertThat(bravo.detach().ok()).isTrue();
    assertThat(bravo.attach().ok()).isTrue();
    assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
  }

  /** A disk is replaced by a larger one while the peer serves the data. */
  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aLargerDiskReplacesOneBesideAPeer(int version) throws IOException {
    create(DiskFile.DATA_BYTES, DiskFile.DATA_BYTES);
    try (TestPair pair = nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      begin(alpha, bravo);
      assertThat(bravo.detach().ok()).isTrue();
      alpha.awaitPeerDisk(DiskState.DISKLESS);
      Files.delete(second.path());
      DiskFile.create(second.path(), LARGE_BYTES);
      assertThat(bravo.attach().ok()).isTrue();
      awaitInSync(alpha, bravo);
      assertThat(bravo.sizeBytes()).isEqualTo(DiskFile.DATA_BYTES);
      alpha.write(DiskFile.DATA_BYTES - 4096, 4096, 8);
      assertThat(alpha.secondary().ok()).isTrue();
      assertAlike(alpha, bravo);
    }
    assertThat(second.marked()).isZero();
  }
}
