package io.jdrbd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One side of recorded connections is replaced by this program. */
class ReplayTest {
  @ParameterizedTest(name = "{0} with node {1} replaced")
  @CsvSource({
    "93-84-first-sync, 0",
    "93-84-first-sync, 1",
    "92-84-first-sync, 0",
    "92-84-first-sync, 1",
    "84-84-first-sync, 0",
    "84-84-first-sync, 1",
    "93-84-writes-C, 0",
    "93-84-writes-C, 1",
    "92-84-writes-A, 0",
    "92-84-writes-A, 1",
    "92-84-writes-B, 0",
    "92-84-writes-B, 1",
    "92-84-writes-C, 0",
    "92-84-writes-C, 1",
    "84-84-writes-A, 0",
    "84-84-writes-A, 1",
    "84-84-writes-B, 0",
    "84-84-writes-B, 1",
    "84-84-writes-C, 0",
    "84-84-writes-C, 1",
    "93-84-promote-demote, 0",
    "93-84-promote-demote, 1",
    "92-84-promote-demote, 0",
    "92-84-promote-demote, 1",
    "84-84-promote-demote, 0",
    "84-84-promote-demote, 1",
    "92-84-idle-ping, 0",
    "92-84-idle-ping, 1",
    "93-93-first-sync, 0",
    "93-93-first-sync, 1",
    "92-92-first-sync, 0",
    "92-92-first-sync, 1",
    "93-92-first-sync, 0",
    "93-92-first-sync, 1",
    "93-93-promote-demote, 0",
    "93-93-promote-demote, 1",
    "93-93-writes-C, 0",
    "93-93-writes-C, 1",
    "93-93-writes-A, 0",
    "93-93-writes-A, 1",
    "93-93-writes-B, 0",
    "93-93-writes-B, 1",
    "92-92-writes-C, 0",
    "93-93-reconnect-resync, 1",
    "92-92-promote-demote, 0",
    "93-93-resize, 0",
    "93-93-resize, 1",
    "92-92-resize, 0",
    "92-84-resize, 0",
    "92-84-resize, 1",
    "92-92-idle-ping, 0",
    "92-92-idle-ping, 1",
    "92-84-admin, 0",
    "93-93-admin, 0",
    "93-93-admin, 1",
    "84-84-congestion, 1",
    "92-84-congestion, 1",
    "92-92-congestion, 1",
  })
  void theNodeSaysWhatTheRecordedOneSaid(String capture, int replaced) throws Exception {
    try (Replay replay = new Replay(capture, replaced)) {
      replay.play();
      assertThat(replay.matched()).isPositive();
    }
  }
}
