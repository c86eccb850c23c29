package io.jdrbd.state.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.StateError;
import io.jdrbd.state.twopc.Concurrency.Phase;
import io.jdrbd.state.twopc.Concurrency.Reaction;
import io.jdrbd.state.twopc.RetryRules.AfterConnect;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.13, 4.14 and the outcomes of 4.15, row by row. */
class ConcurrencyTest {

  /** This is node 1. Active and incoming: initiator.tid. */
  @ParameterizedTest(name = "active {0}, incoming {1}, from a parent {2}: {3} {4} {5}")
  @CsvSource({
    "none, 0.7, false, ACCEPT,       IGNORE,       FORWARD",
    "1.5,  0.7, false, ABORT_OWN,    IGNORE,       FORWARD",
    "2.5,  0.7, false, ANSWER_RETRY, ANSWER_RETRY, FORWARD",
    "0.5,  2.7, false, ANSWER_RETRY, ANSWER_RETRY, FORWARD",
    "1.5,  2.7, false, ANSWER_RETRY, ANSWER_RETRY, FORWARD",
    "0.5,  0.7, false, WAIT,         IGNORE,       FORWARD",
    "0.5,  0.7, true,  ANSWER_RETRY, IGNORE,       FORWARD",
    "0.7,  0.7, false, DUPLICATE,    EXECUTE,      EXECUTE",
  })
  void reactions(
      String active,
      String incoming,
      boolean fromParent,
      Reaction prepare,
      Reaction commit,
      Reaction abort) {
    assertThat(react(Phase.PREPARE, incoming, active, fromParent)).isEqualTo(prepare);
    assertThat(react(Phase.COMMIT, incoming, active, fromParent)).isEqualTo(commit);
    assertThat(react(Phase.ABORT, incoming, active, fromParent)).isEqualTo(abort);
  }

  private static Reaction react(Phase phase, String incoming, String active, boolean fromParent) {
    return Concurrency.react(
        phase,
        id(incoming),
        1,
        active.equals("none") ? Optional.empty() : Optional.of(id(active)),
        fromParent);
  }

  private static TransactionId id(String text) {
    String[] parts = text.split("\\.", -1);
    return new TransactionId(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @ParameterizedTest(name = "attempt {2}: below {3} ms")
  @CsvSource({
    "100, 1, 1, 200",
    "100, 1, 2, 400",
    "100, 1, 5, 3200",
    "100, 1, 6, 3200",
    "100, 3, 1, 600",
  })
  void pauses(long baseMs, int connections, int attempt, long expectedMs) {
    assertThat(RetryRules.pauseMsMax(baseMs, connections, attempt)).isEqualTo(expectedMs);
  }

  @ParameterizedTest(name = "{0}, refusals are retried {1}: {2}")
  @CsvSource({
    "CONCURRENT_ST_CHG,    false, Again 50",
    "TIMEOUT,              false, Again 50",
    "HANDSHAKE_RETRY,      false, Again 1000 outdate",
    "CW_FAILED_BY_PEER,    true,  Again 1000 outdate",
    "CW_FAILED_BY_PEER,    false, GiveUp",
    "TWO_PRIMARIES,        false, GiveUp",
    "HANDSHAKE_DISCONNECT, true,  GiveUp",
    "PRIMARY_READER,       false, WaitForReaders",
    "NEED_CONNECTION,      false, Reconnect",
  })
  void afterConnect(StateError error, boolean retries, String expected) {
    String text =
        switch (RetryRules.afterConnect(error, retries)) {
          case AfterConnect.Again(int pauseMs, boolean outdate) ->
              "Again " + pauseMs + (outdate ? " outdate" : "");
          case AfterConnect.GiveUp() -> "GiveUp";
          case AfterConnect.WaitForReaders() -> "WaitForReaders";
          case AfterConnect.Reconnect() -> "Reconnect";
        };
    assertThat(text).isEqualTo(expected);
  }
}
