package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.Errno;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.OpenDecision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on files with metadata, over loopback, by the commands that people use. */
class ReplicationTest {
  private PairDisks disks;

  @BeforeEach
  void create(@TempDir Path directory) throws IOException {
    disks = PairDisks.create(directory);
  }

  @ParameterizedTest
  @CsvSource({"A,", "B,sha1", "C,crc32c"})
  void whatIsWrittenIsOnBothDisks(String protocol, String digest) throws IOException {
    Map<String, String> net =
        Map.of(
            "protocol",
            protocol,
            "cram-hmac-alg",
            "sha256",
            "shared-secret",
            "s",
            "data-integrity-alg",
            Optional.ofNullable(digest).orElse(""));
    try (TestPair pair = disks.nodes(net)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.begin();
      alpha.write(1 << 20, 1 << 20, 2);
      alpha.write((5 << 20) + 7, 1728, 8);

      assertThat(bravo.primary(false).ok()).as("two Primaries").isFalse();
      assertThat(alpha.secondary().ok()).isTrue();
      assertThat(bravo.primary(false).ok()).isTrue();
      bravo.write(3 << 20, 8192, 3);

      assertThat(alpha.disconnect(false).ok()).isTrue();
      alpha.awaitState(ConnectionState.STANDALONE);
      bravo.write(7 << 20, 4096, 4);
      assertThat(alpha.connect().ok()).isTrue();
      pair.awaitInSync();
      assertThat(bravo.secondary().ok()).isTrue();
      assertThat(alpha.data()).isEqualTo(bravo.data());
      assertThat(alpha.statistics().sentSectors())
          .isGreaterThan((1 << 20) / 512)
          .isEqualTo(bravo.statistics().receivedSectors());
      assertThat(alpha.statistics().receivedSectors())
          .isEqualTo(bravo.statistics().sentSectors())
          .as("what was not confirmed as durable when they parted is sent again")
          .isBetween((8192 + 4096) / 512L, (8192 + 8192 + 4096) / 512L);
    }
  }

  /** It has no vote any more, and gets what was written meanwhile when it is one again. */
  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void aPeerMayBeDeletedAndComeBack(int version) throws IOException {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      pair.begin();
      alpha.options(Map.of("quorum", "all", "on-no-quorum", "io-error"));
      TestPair.assertPassed(alpha.delPeer());
      alpha.write(1 << 20, 65536, 2);
      alpha.newPeer(Map.of());
      TestPair.assertPassed(alpha.connect());
      pair.assertEqual();
    }
  }

  @Test
  void theSurvivorOfALostPrimaryIsPromotedWithoutForce() throws IOException {
    try (TestPair pair = disks.nodes()) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.attach();
      alpha.primary(true);
      pair.connect();
      bravo.awaitInSync();
      alpha.write(0, 65536, 1);
      alpha.disconnect(true);
      bravo.awaitState(ConnectionState.CONNECTING);
      bravo.awaitDiskState(DiskState.UP_TO_DATE);
      assertThat(bravo.primary(false).ok()).isTrue();
      assertThat(bravo.data()).isEqualTo(alpha.data());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 122})
  void theFirstWriterPromotesWithThePeersConsent(int version) throws Exception {
    try (TestPair pair = disks.nodes(version)) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.attach();
      alpha.primary(true);
      pair.connect();
      pair.awaitInSync();
      alpha.secondary();
      assertThat(bravo.openVolume().get(1, TimeUnit.MINUTES)).isEmpty();
      bravo.write(0, 65536, 1);

      alpha.options(Map.of("auto-promote-timeout", "3"));
      assertThat(alpha.openVolume().get(1, TimeUnit.MINUTES))
          .hasValueSatisfying(
              refused -> {
                assertThat(refused.errno()).isEqualTo(Errno.EROFS);
                assertThat(refused.reason()).contains("Multiple primaries");
              });
      alpha.options(Map.of("auto-promote-timeout", "600"));
      CompletableFuture<Optional<OpenDecision.Refuse>> waits = alpha.openVolume();
      bravo.closeVolume();
      assertThat(waits.get(1, TimeUnit.MINUTES)).isEmpty();
      alpha.write(65536, 65536, 2);
      alpha.closeVolume();
      assertThat(alpha.data()).isEqualTo(bravo.data());
    }
  }

  @Test
  void aSplitBrainIsRefusedAndSolvedByDiscardingOneSide() throws IOException {
    try (TestPair pair = disks.nodes()) {
      TestNode alpha = pair.alpha();
      TestNode bravo = pair.bravo();
      pair.attach();
      alpha.primary(true);
      pair.connect();
      pair.awaitInSync();
      alpha.disconnect(false);
      bravo.disconnect(true);
      alpha.awaitState(ConnectionState.STANDALONE);
      bravo.awaitState(ConnectionState.STANDALONE);
      alpha.write(0, 4096, 5);
      assertThat(bravo.primary(true).ok()).isTrue();
      bravo.write(4096, 4096, 6);

      pair.connect();
      alpha.awaitState(ConnectionState.STANDALONE);
      assertThat(alpha.diskState()).isEqualTo(DiskState.UP_TO_DATE);
      assertThat(bravo.diskState()).isEqualTo(DiskState.UP_TO_DATE);
    }
  }
}
