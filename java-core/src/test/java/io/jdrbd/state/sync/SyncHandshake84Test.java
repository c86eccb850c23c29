package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;
import io.jdrbd.state.ReplicationState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the specification (3.11): both sides of each, protocol 101. */
class SyncHandshake84Test {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | both fresh | 4:0:0:0 Inconsistent | 4:0:0:0 Inconsistent | 0 / 10 -> Connected | 0 / 10 -> Connected
          2 | A fresh, B has data | 4:0:0:0 Inconsistent | C100:0:8800:0 | -2 / 20 -> WFBitMapT, set all | 2 / 30 -> WFBitMapS, set all
          3 | A forced primary, B fresh | C101:4:0:0 Pri | 4:0:0:0 Inconsistent | 2 / 30 -> WFBitMapS, set all | -2 / 20 -> WFBitMapT, set all
          4 | equal, clean | C100:0:8800:9900 | C100:0:8800:9900 | 0 / 40 -> Connected | 0 / 40 -> Connected
          5 | equal, A crashed primary | C101:0:8800:9900 crashed,bits=64 | C100:0:8800:9900 | 1 / 40 -> WFBitMapS | -1 / 40 -> WFBitMapT
          6 | equal, both crashed | C101:0:8800:9900 crashed | C101:0:8800:9900 crashed | -1 / 40 -> WFBitMapT | 1 / 40 -> WFBitMapS
          7 | equal, A crashed, B now primary | C100:0:8800:9900 crashed | C101:0:8800:9900 Pri | -1 / 41 -> WFBitMapT | 1 / 41 -> WFBitMapS
          8 | as 7, feature WSAME not agreed | C100:0:8800:9900 crashed | C101:0:8800:9900 Pri | -66661 / 41 -> refuse | -66661 / 41 -> refuse
          9 | A wrote while B away | C201:C100:8800:9900 Pri,bits=10 | C100:0:8800:9900 | 1 / 70 -> WFBitMapS | -1 / 50 -> WFBitMapT
          10 | B Outdated, A newer, both Secondary | C200:C100:8800:9900 bits=10 | C100:0:8800:9900 Outdated | 1 / 70 -> WFBitMapS | -1 / 50 -> WFBitMapT
          11 | resync interrupted (sync uuid sent) | C200:100000000B100:B100:8800 bits=5 | 100000000B100:0:8800:9900 Inconsistent,bits=5 | 1 / 70 -> WFBitMapS | -1 / 50 -> WFBitMapT
          12 | P_SYNC_UUID lost | C200:100000000B100:B100:8800 bits=5 | B100:0:8800:9900 Outdated | 1 / 71 -> WFBitMapS | -1 / 51 -> WFBitMapT
          13 | B was source and missed the end; A finished as target | C200:0:100000000B100:B100 | C200:100000000B100:B100:0 | -1 / 35 -> WFBitMapT | 1 / 34 -> WFBitMapS
          14 | equal, only A has a bitmap UUID, not in B's history | C200:DD00:8800:9900 | C200:0:8800:9900 | 1 / 36 -> WFBitMapS | -1 / 37 -> WFBitMapT
          15 | B two generations behind | C300:C200:C100:8800 | C100:0:8800:9900 | 2 / 80 -> WFBitMapS, set all | -2 / 60 -> WFBitMapT, set all
          16 | split brain, all policies disconnect | C200:C100:8800:9900 bits=3 | C300:C100:8800:9900 bits=7 | 100 / 90 -> refuse | 100 / 90 -> refuse
          17 | split brain, 0pri discard-zero-changes | C200:C100:8800:9900 | C300:C100:8800:9900 bits=7 | 100 / 90 -> WFBitMapT | 100 / 90 -> WFBitMapS
          18 | split brain, 0pri discard-least-changes | C200:C100:8800:9900 bits=30 | C300:C100:8800:9900 bits=7 | 100 / 90 -> WFBitMapS | 100 / 90 -> WFBitMapT
          19 | split brain, 0pri discard-younger-primary | C200:C101:8800:9900 bits=3 | C300:C100:8800:9900 bits=7 | 100 / 90 -> WFBitMapS | 100 / 90 -> WFBitMapT
          20 | split brain, B discards | C200:C100:8800:9900 bits=3 | C300:C100:8800:9900 bits=7,discard | 100 / 90 -> WFBitMapS | 100 / 90 -> WFBitMapT
          21 | split brain, 1pri discard-secondary | C201:C100:8800:9900 Pri,bits=3 | C300:C100:8800:9900 bits=7 | 100 / 90 -> WFBitMapS | 100 / 90 -> WFBitMapT
          22 | split brain via history | C200:D100:8800:9900 | C300:D200:8800:7700 | -100 / 100 -> refuse | -100 / 100 -> refuse
          23 | as 22, always-asbp, 0pri discard-least-changes | C200:D100:8800:9900 bits=9 | C300:D200:8800:7700 bits=2 | -100 / 100 -> WFBitMapS, set all | -100 / 100 -> WFBitMapT, set all
          24 | unrelated, full histories | C200:0:8800:9900 | C300:0:1100:2200 | -1000 / 100 -> refuse | -1000 / 100 -> refuse
          25 | unrelated, but empty history slots | C200:0:0:0 | C300:0:0:0 | -100 / 100 -> refuse | -100 / 100 -> refuse
          26 | equal, B Inconsistent | C100:0:8800:9900 | C100:0:8800:9900 Inconsistent,bits=100 | 0 / 40 -> WFBitMapS | 0 / 40 -> WFBitMapT
          27 | A primary would be target | C101:0:8800:9900 Pri | C200:C100:8800:9900 | -1 / 50 -> refuse | 1 / 70 -> WFBitMapS
          28 | as 27, rr-conflict violently | C101:0:8800:9900 Pri | C200:C100:8800:9900 | -1 / 50 -> WFBitMapT | 1 / 70 -> WFBitMapS
          29 | both Inconsistent, A newer | C200:C100:8800:9900 Inconsistent | C100:0:8800:9900 Inconsistent | 1 / 70 -> refuse | -1 / 50 -> WFBitMapT
          """)
  void bothSidesDecide(
      int number, String situation, String a, String b, String resultA, String resultB) {
    assertThat(decide(situation, a, b, true)).isEqualTo(resultA);
    assertThat(decide(situation, b, a, false)).isEqualTo(resultB);
    assertThat(decideAs9(situation, a, b, true)).isEqualTo(as9(number, true, resultA));
    assertThat(decideAs9(situation, b, a, false)).isEqualTo(as9(number, false, resultB));
  }

  /** A node of DRBD 9 comes to the same state, but for three of the vectors. */
  private static String as9(int number, boolean a, String result84) {
    return switch (number) {
      case 8, 27 -> a ? "WFBitMapT" : "WFBitMapS";
      case 29 -> a ? "WFBitMapS" : "WFBitMapT";
      default -> result84.substring(result84.indexOf("-> ") + "-> ".length());
    };
  }

  private static String decideAs9(String situation, String own, String peer, boolean accepted) {
    SyncFacts<Generations> facts =
        new SyncFacts<>(
            Notation.side(0, false, own84(own, 1)),
            Notation.side(1, true, own84(peer, 0)),
            Notation.terms(situation + ", peer's slot only", 101, accepted));
    SyncDecision decision = SyncHandshake.decide(facts);
    return outcome(decision.outcome())
        + (decision.actions().contains(SyncAction.SET_BITMAP) ? ", set all" : "");
  }

  /** The four identifiers of 8.4 as a node of DRBD 9 keeps them. */
  private static String own84(String text, int other) {
    String[] parts = text.split(" ", 2);
    String[] uuids = parts[0].split(":", -1);
    return "%s bm{%d=%s} h[%s %s] %s"
        .formatted(uuids[0], other, uuids[1], uuids[2], uuids[3], parts.length > 1 ? parts[1] : "");
  }

  private static String decide(String situation, String own, String peer, boolean accepted) {
    SyncFacts<Generations84> facts =
        new SyncFacts<>(
            Notation.side84(own), Notation.side84(peer), Notation.terms(situation, 101, accepted));
    SyncDecision decision = SyncHandshake84.decide(facts);
    assertThat(decision.reason()).contains("by rule " + decision.comparison().rule().id());
    return "%d / %s -> %s%s"
        .formatted(
            decision.comparison().strategy().number84(),
            decision.comparison().rule().id(),
            outcome(decision.outcome()),
            decision.actions().contains(SyncAction.SET_BITMAP) ? ", set all" : "");
  }

  private static String outcome(SyncOutcome outcome) {
    return switch (outcome) {
      case SyncOutcome.Replicate(var state) ->
          state == ReplicationState.ESTABLISHED ? "Connected" : state.word();
      case SyncOutcome.Disconnect() -> "refuse";
      case SyncOutcome.Retry() -> "retry";
      case SyncOutcome.NoResult() -> "no result";
    };
  }
}
