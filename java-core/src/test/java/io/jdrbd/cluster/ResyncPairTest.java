package io.jdrbd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.wire.ProtocolSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people ask of the resync and verify between two nodes over loopback. */
class ResyncPairTest {
  private static final int DATA_BYTES = 16 << 20;
  private static final int BLOCKS = DATA_BYTES / 4096;

  /** Slow enough that it is still running when somebody looks. */
  private static final ResyncRate SLOW = new ResyncRate(4096, 0, 10, 100, 0, 0);

  private final InetSocketAddress first = new InetSocketAddress("127.0.0.2", 27790);
  private final InetSocketAddress second = new InetSocketAddress("127.0.0.3", 27790);

  static List<SessionSettings.Versions> versions() {
    return List.of(TestClusterNode.OLD, TestClusterNode.NEW);
  }

  /** Two nodes that are connected and equal; the first is Primary. */
  private final class Pair implements AutoCloseable {
    private final TestClusterNode alpha;
    private final TestClusterNode bravo;

    Pair(SessionSettings.Versions versions, String digest) {
      alpha = node(0, first, second, versions, digest);
      bravo = node(1, second, first, versions, digest);
      alpha.promote(true);
      alpha.write(0, 1 << 20, 1);
      alpha.connect();
      bravo.connect();
      awaitInSync();
    }

    void setRate(ResyncRate rate) {
      List.of(alpha, bravo)
          .forEach(
              node ->
                  node.on(
                      () -> {
                        node.peerVolume().setRate(rate);
                        return true;
                      }));
    }

    void pause(TestClusterNode node, boolean paused) {
      node.on(
          () -> {
            node.peerVolume().requests().setPaused(paused);
            return true;
          });
    }

    void awaitInSync() {
      alpha.awaitInSync();
      bravo.awaitInSync();
    }

    void assertEqual() {
      assertThat(bravo.onDisk(0, DATA_BYTES)).isEqualTo(alpha.onDisk(0, DATA_BYTES));
      assertThat(alpha.on(alpha.peerVolume()::dirtyBlocks)).isZero();
      assertThat(bravo.on(bravo.peerVolume()::dirtyBlocks)).isZero();
    }

    @Override
    public void close() {
      alpha.close();
      bravo.close();
    }
  }

  private static TestClusterNode node(
      int id,
      InetSocketAddress own,
      InetSocketAddress other,
      SessionSettings.Versions versions,
      String digest) {
    return new TestClusterNode(
        id,
        own,
        other,
        ProtocolSettings.PROTOCOL_C,
        SessionSettings.Authentication.NONE,
        versions,
        digest);
  }

  private static long received(TestClusterNode node) {
    return node.on(() -> node.peerVolume().traffic().receivedBytes());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachSideMayThrowItsDataAwayOrHaveThePeerDoSo(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "")) {
      pair.bravo.spoil(5 << 20, 4096);
      long before = received(pair.bravo);
      assertThat(pair.bravo.ask(requests -> requests.resync(true, true)).ok()).isTrue();
      pair.alpha.await(now -> now.device(1, 0).disk() == DiskState.INCONSISTENT);
      pair.awaitInSync();
      pair.assertEqual();
      assertThat(received(pair.bravo) - before).isEqualTo(DATA_BYTES);

      pair.bravo.spoil(6 << 20, 4096);
      assertThat(pair.alpha.ask(requests -> requests.resync(false, true)).ok()).isTrue();
      pair.bravo.await(now -> now.volume(0).disk() == DiskState.INCONSISTENT);
      pair.awaitInSync();
      pair.assertEqual();
      pair.alpha.write(3 << 20, 65536, 7);
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aResyncWaitsAsLongAsOneSideWantsIt(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "")) {
      pair.setRate(SLOW);
      pair.bravo.ask(requests -> requests.resync(true, true));
      pair.bravo.awaitReplication(ReplicationState.SYNC_TARGET);
      pair.alpha.awaitReplication(ReplicationState.SYNC_SOURCE);
      assertThat(pair.alpha.ask(requests -> requests.resync(false, true)))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(StateError.RESYNC_RUNNING));

      pair.pause(pair.alpha, true);
      pair.alpha.awaitReplication(ReplicationState.PAUSED_SYNC_S);
      pair.bravo.awaitReplication(ReplicationState.PAUSED_SYNC_T);
      pair.pause(pair.bravo, true);
      pair.alpha.await(now -> now.device(1, 0).pause().peer());
      pair.pause(pair.alpha, false);
      pair.bravo.await(now -> !now.device(0, 0).pause().peer());
      pair.alpha.awaitReplication(ReplicationState.PAUSED_SYNC_S);
      assertThat(pair.bravo.on(pair.bravo.peerVolume()::dirtyBlocks)).isPositive();
      pair.setRate(ResyncRate.UNLIMITED);
      pair.pause(pair.bravo, false);
      pair.awaitInSync();
      pair.assertEqual();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsEqualByItsChecksumIsNotSent(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "sha1")) {
      pair.bravo.disconnect();
      pair.alpha.write(0, 1 << 20, 1);
      pair.alpha.write(8 << 20, 8192, 2);
      long before = received(pair.bravo);
      pair.bravo.connect();
      pair.awaitInSync();
      pair.assertEqual();
      assertThat(received(pair.bravo) - before).isEqualTo(8192);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void zeroesAreNotSentToOneThatCanMakeHoles(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "")) {
      pair.setRate(ResyncRate.UNLIMITED);
      pair.bravo.on(
          () -> {
            pair.bravo.volume.setThinBytes(65536);
            return true;
          });
      pair.bravo.spoil(7 << 20, 8192);
      long before = received(pair.bravo);
      pair.bravo.ask(requests -> requests.resync(true, true));
      pair.alpha.await(now -> now.device(1, 0).disk() == DiskState.INCONSISTENT);
      pair.awaitInSync();
      pair.assertEqual();
      assertThat(received(pair.bravo) - before).isEqualTo(1 << 20);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aVerifyMarksWhatDiffersOnBothSides(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "crc32c")) {
      pair.setRate(ResyncRate.UNLIMITED);
      pair.bravo.spoil(99 * 4096L, 4096);
      pair.bravo.spoil(2000 * 4096L, 8192);
      verify(pair.alpha, OptionalLong.empty(), OptionalLong.empty());
      pair.alpha.awaitReplication(ReplicationState.ESTABLISHED);
      pair.bravo.awaitReplication(ReplicationState.ESTABLISHED);
      assertThat(pair.alpha.on(pair.alpha.peerVolume()::dirtyBlocks)).isEqualTo(3);
      assertThat(pair.bravo.on(pair.bravo.peerVolume()::dirtyBlocks)).isEqualTo(3);
      assertThat(pair.alpha.heard.lines())
          .anyMatch(
              line ->
                  line.startsWith("verify of volume 0")
                      && line.contains(BLOCKS + " blocks compared, 3 out of sync")
                      && line.contains("start=792, size=8 (sectors)")
                      && line.contains("start=16000, size=16 (sectors)"))
          .contains("handler out-of-sync");
      assertThat(pair.alpha.heard.verified())
          .singleElement()
          .extracting(VerifyReport::ranges, InstanceOfAssertFactories.LIST)
          .containsExactly(new VerifyReport.Range(792, 8), new VerifyReport.Range(16000, 16));
      assertThat(pair.bravo.heard.lines()).anyMatch(line -> line.contains("3 out of sync"));
      heal(pair, versions);
      pair.awaitInSync();
      pair.assertEqual();
    }
  }

  private static void heal(Pair pair, SessionSettings.Versions versions) {
    Verdict verdict = pair.alpha.ask(requests -> requests.resync(false, false));
    if (versions.max() > 101) {
      assertThat(verdict.ok()).as(verdict.toString()).isTrue();
      pair.bravo.await(now -> pair.bravo.peerVolume().dirtyBlocks() == 0);
    } else {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(ConfigError.APV_TOO_LOW));
      pair.bravo.disconnect();
      pair.bravo.connect();
    }
  }

  private static void verify(TestClusterNode node, OptionalLong start, OptionalLong stop) {
    Verdict verdict = node.ask(requests -> requests.verify(start, stop));
    assertThat(verdict.ok()).as(verdict.toString()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aVerifyGoesOnWhereItWasInterrupted(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "md5")) {
      pair.setRate(SLOW);
      verify(pair.alpha, OptionalLong.empty(), OptionalLong.empty());
      pair.alpha.await(now -> position(pair.alpha) > 0);
      pair.bravo.disconnect();
      pair.bravo.connect();
      pair.awaitInSync();
      pair.setRate(ResyncRate.UNLIMITED);
      verify(pair.alpha, OptionalLong.empty(), OptionalLong.empty());
      pair.alpha.awaitReplication(ReplicationState.ESTABLISHED);
      pair.bravo.awaitReplication(ReplicationState.ESTABLISHED);
      List<VerifyReport> reports = pair.alpha.heard.verified();
      assertThat(reports).extracting(VerifyReport::complete).containsExactly(false, true);
      long first = reports.getFirst().comparedBlocks();
      assertThat(first).isBetween(1L, BLOCKS - 1L);
      assertThat(reports.getLast().comparedBlocks()).isEqualTo(BLOCKS - first);
    }
  }

  private static long position(TestClusterNode node) {
    return node.peerVolume()
        .progress()
        .flatMap(Progress::verify)
        .map(Progress.Verify::positionBlock)
        .orElse(0L);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPartIsVerifiedWhileApplicationsWrite(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "sha256")) {
      pair.setRate(ResyncRate.UNLIMITED);
      pair.bravo.spoil(10 * 4096L, 4096);
      pair.bravo.spoil(600 * 4096L, 4096);
      verify(pair.bravo, OptionalLong.of(512 * 8), OptionalLong.of(1024 * 8));
      for (int write = 0; write < 20; write++) {
        pair.alpha.write((512 + 13L * write) * 4096, 8192, write);
      }
      pair.alpha.awaitReplication(ReplicationState.ESTABLISHED);
      pair.bravo.awaitReplication(ReplicationState.ESTABLISHED);
      assertThat(pair.alpha.on(pair.alpha.peerVolume()::dirtyBlocks)).isLessThanOrEqualTo(1);
      assertThat(pair.bravo.heard.lines()).anyMatch(line -> line.contains("512 blocks compared"));
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void withoutAnAlgorithmNothingIsVerified(SessionSettings.Versions versions) {
    try (Pair pair = new Pair(versions, "")) {
      assertThat(
              pair.alpha.ask(
                  requests -> requests.verify(OptionalLong.empty(), OptionalLong.empty())))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(StateError.NO_VERIFY_ALG));
      pair.bravo.disconnect();
      pair.alpha.await(now -> now.device(1, 0).replication() == ReplicationState.OFF);
      assertThat(pair.alpha.ask(requests -> requests.resync(false, true)))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(StateError.NEED_CONNECTION));
    }
  }
}
