package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.rules.Generations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the specification (3.12): both sides of each, protocol 124. */
class SyncHandshakeTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | both fresh | 4 bm{1=0} h[] Inconsistent | 4 bm{0=0} h[] Inconsistent | just-created-both: NO_SYNC -> Est | just-created-both: NO_SYNC -> Est
          2 | A promoted by force, B fresh (AA00 = R) | C101 bm{1=AA00} h[] Pri | 4 bm{0=0} h[] Inconsistent | just-created-peer: S_SET -> WFBitMapS | just-created-self: T_SET -> WFBitMapT
          3 | 2 interrupted; B has adopted R | C101 bm{1=AA00} h[] Pri,bits=50 | AA00 bm{0=0} h[] Inconsistent,bits=50,reconnect | bitmap-self: S_USE -> WFBitMapS | bitmap-peer: T_USE -> WFBitMapT
          4 | equal, both off cleanly | C100 bm{1=0} h[8800 9900] | C100 bm{0=0} h[8800 9900] | both-off: NO_SYNC -> Est | both-off: NO_SYNC -> Est
          5 | equal, short link loss | C101 bm{1=0} h[8800 9900] Pri,reconnect | C100 bm{0=0} h[8800 9900] reconnect | reconnected: NO_SYNC -> Est | reconnected: NO_SYNC -> Est
          6 | equal, A crashed as primary, B survived | C100 bm{1=0} h[8800 9900] bits=64,crashed | C100 bm{0=0} h[8800 9900] reconnect | lost-quorum: T_IF_BOTH_FAILED -> WFBitMapT | lost-quorum: S_IF_BOTH_FAILED -> WFBitMapS
          7 | as 6, B is primary now | C100 bm{1=0} h[8800 9900] bits=64,crashed | C101 bm{0=0} h[8800 9900] Pri,reconnect | lost-quorum: T_IF_BOTH_FAILED -> WFBitMapT | lost-quorum: S_IF_BOTH_FAILED -> WFBitMapS
          8 | equal, power failure, A was primary | C100 bm{1=0} h[8800 9900] bits=64,crashed | C100 bm{0=0} h[8800 9900] | both-off: S_IF_BOTH_FAILED -> WFBitMapS | both-off: T_IF_BOTH_FAILED -> WFBitMapT
          9 | equal, power failure, both were primary | C100 bm{1=0} h[8800 9900] crashed | C100 bm{0=0} h[8800 9900] crashed | both-off: T_IF_BOTH_FAILED -> WFBitMapT | both-off: S_IF_BOTH_FAILED -> WFBitMapS
          10 | as 6, wire protocol A | C100 bm{1=0} h[8800 9900] bits=64,crashed | C100 bm{0=0} h[8800 9900] reconnect | crashed-primary: S_USE -> WFBitMapS | crashed-primary: T_USE -> WFBitMapT
          11 | equal, power failure, disk states differ | C100 bm{1=0} h[8800 9900] Outdated,crashed | C100 bm{0=0} h[8800 9900] | both-off: S_IF_BOTH_FAILED => T_USE -> WFBitMapT | both-off: T_IF_BOTH_FAILED => S_USE -> WFBitMapS
          12 | equal, A inconsistent (io error), B good | C100 bm{1=0} h[8800 9900] Inconsistent,bits=9,reconnect | C100 bm{0=0} h[8800 9900] reconnect | reconnected: NO_SYNC => T_USE -> WFBitMapT | reconnected: NO_SYNC => S_USE -> WFBitMapS
          13 | equal, A lost quorum as primary | C100 bm{1=0} h[8800 9900] bits=3,lost-quorum | C100 bm{0=0} h[8800 9900] | lost-quorum: S_IF_BOTH_FAILED -> WFBitMapS | lost-quorum: T_IF_BOTH_FAILED -> WFBitMapT
          14 | A wrote while B away | C201 bm{1=C100} h[8800 9900] Pri,bits=10,reconnect | C100 bm{0=0} h[8800 9900] reconnect | bitmap-self: S_USE -> WFBitMapS | bitmap-peer: T_USE -> WFBitMapT
          15 | A wrote, third node 2 had B's generation | C300 bm{1=0 2=C100} h[C200 8800 9900] | C100 bm{0=0} h[8800 9900] | bitmap-self-other: S_COPY(2) -> WFBitMapS | bitmap-peer-other: T_CLEAR(2) -> WFBitMapT
          16 | B missed two generations (history only) | C300 bm{1=C200} h[C100 8800 9900] bits=3 | C100 bm{0=0} h[8800 9900] Outdated | history-self: S_SET -> WFBitMapS | history-peer: T_SET -> WFBitMapT
          17 | target finished, source missed it, bits left | C200 bm{1=C100} h[8800 9900] bits=4 | C200 bm{0=0} h[C100 8800 9900] | sync-source-missed-finish: S_USE -> WFBitMapS | sync-target-peer-missed-finish: T_USE -> WFBitMapT
          18 | as 17, 0 bits on both sides | C200 bm{1=C100} h[8800 9900] | C200 bm{0=0} h[C100 8800 9900] | both-off: NO_SYNC -> Est | both-off: NO_SYNC -> Est
          19 | peer lists no slot for me, equal uuids, bits left | C100 bm{1=0} h[8800 9900] bits=2 | C100 bm{} h[8800 9900] | sync-target-peer-missed-finish: T_USE -> WFBitMapT | both-off: NO_SYNC -> Est
          20 | split brain, all policies disconnect | C200 bm{1=C100} h[8800 9900] bits=3 | C300 bm{0=C100} h[8800 9900] bits=7 | bitmap-both: SB_AUTO_RECOVER => SB_DISCONNECT -> disconnect | bitmap-both: SB_AUTO_RECOVER => SB_DISCONNECT -> disconnect
          21 | split brain, 0pri discard-zero-changes | C200 bm{1=C100} h[8800 9900] | C300 bm{0=C100} h[8800 9900] bits=7 | bitmap-both: SB_AUTO_RECOVER => T_USE -> WFBitMapT | bitmap-both: SB_AUTO_RECOVER => S_USE -> WFBitMapS
          22 | split brain, 1pri consensus, 0pri discard-least-changes | C201 bm{1=C100} h[8800 9900] Pri,bits=30 | C300 bm{0=C100} h[8800 9900] bits=7 | bitmap-both: SB_AUTO_RECOVER => S_USE -> WFBitMapS | bitmap-both: SB_AUTO_RECOVER => T_USE -> WFBitMapT
          23 | split brain, B discards | C200 bm{1=C100} h[8800 9900] bits=3 | C300 bm{0=C100} h[8800 9900] bits=7,discard | bitmap-both: SB_AUTO_RECOVER => S_USE -> WFBitMapS | bitmap-both: SB_AUTO_RECOVER => T_USE -> WFBitMapT
          24 | split brain, B is not stable | C200 bm{1=C100} h[8800 9900] bits=3 | C300 bm{0=C100} h[8800 9900] bits=7,unstable | bitmap-both: SB_AUTO_RECOVER => NO_SYNC -> Est | bitmap-both: SB_AUTO_RECOVER => NO_SYNC -> Est
          25 | split brain, quorum on, only A quorate | C200 bm{1=C100} h[8800 9900] bits=3 | C300 bm{0=C100} h[8800 9900] bits=7,no-quorum | bitmap-both: SB_AUTO_RECOVER => S_USE -> WFBitMapS | bitmap-both: SB_AUTO_RECOVER => T_USE -> WFBitMapT
          26 | ambiguous, common history only | C200 bm{1=D000} h[8800 9900] | C300 bm{0=E000} h[8800 9900] | history-both: SB_DISCONNECT -> disconnect | history-both: SB_DISCONNECT -> disconnect
          27 | ambiguous + B discards | C200 bm{1=D000} h[8800 9900] | C300 bm{0=E000} h[8800 9900] discard | history-both: SB_DISCONNECT => S_SET -> WFBitMapS | history-both: SB_DISCONNECT => T_SET -> WFBitMapT
          28 | unrelated (empty histories) | C200 bm{1=0} h[] | C300 bm{0=0} h[] | history-both: UNREL -> disconnect | history-both: UNREL -> disconnect
          29 | A primary would be target | C101 bm{1=0} h[8800 9900] Pri,bits=2 | C200 bm{0=C100} h[8800 9900] bits=5 | bitmap-peer: T_USE => T_PRIMARY_DISCONNECT -> disconnect | bitmap-self: S_USE -> WFBitMapS
          30 | as 29, rr-conflict retry-connect | C101 bm{1=0} h[8800 9900] Pri,bits=2 | C200 bm{0=C100} h[8800 9900] bits=5 | bitmap-peer: T_USE => T_PRIMARY_RECONNECT -> retry | bitmap-self: S_USE -> WFBitMapS
          31 | newer source asked to discard (reversal) | C200 bm{1=C100} h[8800 9900] bits=10,discard | C100 bm{0=0} h[8800 9900] | bitmap-self: S_USE => T_USE -> WFBitMapT | bitmap-peer: T_USE => S_USE -> WFBitMapS
          32 | equal day0 uuid on both, nothing else | 1234560 bm{1=0} h[] | 1234560 bm{0=0} h[] | both-off: NO_SYNC -> Est | both-off: NO_SYNC -> Est
          """)
  void bothSidesDecide(
      int number, String situation, String a, String b, String resultA, String resultB) {
    assertThat(decide(situation, 0, a, b)).isEqualTo(resultA);
    assertThat(decide(situation, 1, b, a)).isEqualTo(resultB);
  }

  static SyncFacts<Generations> facts(String situation, int node, String own, String peer) {
    return new SyncFacts<>(
        Notation.side(node, false, own),
        Notation.side(1 - node, true, peer),
        Notation.terms(situation, 124, node == 0));
  }

  static String decide(String situation, int node, String own, String peer) {
    SyncDecision decision = SyncHandshake.decide(facts(situation, node, own, peer));
    Comparison found = decision.comparison();
    assertThat(decision.reason()).contains("by rule " + found.rule().id());
    String first = Notation.shortName(found.strategy(), found.node());
    String last = Notation.shortName(decision.strategy(), decision.node());
    return "%s: %s%s -> %s"
        .formatted(
            found.rule().id(),
            first,
            first.equals(last) ? "" : " => " + last,
            Notation.outcome(decision.outcome()));
  }
}
