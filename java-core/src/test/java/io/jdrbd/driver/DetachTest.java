package io.jdrbd.driver;

import static io.jdrbd.driver.TestPair.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.DiskUser;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks leave and come back while the peer is connected (spec 2.16, 3.9.2, 4.22). */
class DetachTest {
  private static final int MIB = 1 << 20;
  private static final int WRITES = 200;

  /** More than one packet carries. */
  private static final int LONG_READ_BYTES = 5 * MIB / 2;

  private PairDisks disks;

  @BeforeEach
  void create(@TempDir Path directory) throws IOException {
    disks = PairDisks.create(directory);
  }

  private static void assertHas(TestNode node, long offset, int length, int seed) {
    assertThat(node.read(offset, length)).isEqualTo(DiskUser.pattern(length, seed));
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aPrimaryWithoutDiskWorksOnThePeersAndCatchesUp(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.write(MIB, MIB, 2);
      alpha.write(10 * MIB, LONG_READ_BYTES, 6);
      assertPassed(alpha.detach());
      assertThat(alpha.diskState()).isEqualTo(DiskState.DISKLESS);
      bravo.awaitPeerDisk(DiskState.DISKLESS);
      assertHas(alpha, 0, 65536, 1);
      assertHas(alpha, 10 * MIB, LONG_READ_BYTES, 6);
      alpha.write(5 * MIB + 512, 8192, 3);
      alpha.write(7 * MIB + 7, 100, 4);
      assertHas(alpha, 5 * MIB + 512, 8192, 3);
      assertThat(bravo.detach()).as("the last UpToDate disk").isInstanceOf(Verdict.Refused.class);

      assertPassed(alpha.attach());
      pair.assertEqual();
      alpha.write(9 * MIB, 4096, 5);
      assertPassed(alpha.secondary());
      assertThat(alpha.data()).isEqualTo(bravo.data());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aSecondaryCatchesUpWithWhatWasWrittenMeanwhile(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      assertPassed(bravo.detach());
      alpha.awaitPeerDisk(DiskState.DISKLESS);
      alpha.write(3 * MIB, 65536, 2);
      assertThat(alpha.detach())
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(StateError.NO_UP_TO_DATE_DISK));
      assertPassed(bravo.attach());
      pair.assertEqual();
      assertPassed(bravo.detach());
      assertPassed(bravo.attach());
      alpha.write(3 * MIB, 4096, 3);
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @CsvSource({"101,false", "122,false", "101,true", "122,true"})
  void writesGoOnMeanwhile(int version, boolean force) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      pair.begin();
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      begin(alpha, writes, 0);
      assertPassed(alpha.detach(force));
      begin(alpha, writes, WRITES);
      alpha.awaitDiskState(DiskState.DISKLESS);
      assertPassed(alpha.attach());
      begin(alpha, writes, 2 * WRITES);
      CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      pair.assertEqual();
    }
  }

  private static void begin(TestNode node, List<CompletableFuture<Void>> writes, int seed) {
    for (int write = seed; write < seed + WRITES; write++) {
      long block = Math.floorMod(write * 37L, 1000L);
      writes.add(node.begin(block * 4096, 16384, write));
    }
  }

  /** A disk that fails where 4 MiB begin takes the place of a node's. */
  private static void attachFailing(TestNode node, String operation) {
    assertPassed(node.detach());
    assertPassed(node.attachThrough("errors:op=%s,offset=4M,length=64K".formatted(operation)));
  }

  @ParameterizedTest
  @CsvSource({"101,write", "122,write", "101,read", "122,read"})
  void aDiskThatFailsIsNotMissed(int version, String operation) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      pair.begin();
      attachFailing(alpha, operation);
      pair.assertEqual();
      alpha.write(4 * MIB, 4096, 2);
      assertHas(alpha, 4 * MIB, 4096, 2);
      alpha.awaitDiskState(DiskState.DISKLESS);
      alpha.write(4 * MIB + 4096, 4096, 3);
      assertHas(alpha, 4 * MIB + 4096, 4096, 3);

      assertPassed(alpha.attach());
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aSecondaryWhoseDiskFailsIsDoneWithout(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      attachFailing(bravo, "write");
      pair.assertEqual();
      alpha.write(4 * MIB, 4096, 2);
      bravo.awaitDiskState(DiskState.DISKLESS);
      alpha.write(4 * MIB + 4096, 4096, 3);
      assertPassed(bravo.attach());
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aPrimaryWithoutDiskFindsItsPeerAgain(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      assertPassed(alpha.detach());
      alpha.write(MIB, 4096, 2);
      assertPassed(bravo.disconnect(true));
      bravo.awaitState(ConnectionState.STANDALONE);
      alpha.awaitPeerDisk(DiskState.D_UNKNOWN);
      assertPassed(bravo.connect());
      alpha.awaitPeerDisk(DiskState.UP_TO_DATE);
      alpha.write(2 * MIB, 4096, 3);
      assertHas(alpha, MIB, 4096, 2);
      assertPassed(alpha.attach());
      pair.assertEqual();
    }
  }
}
