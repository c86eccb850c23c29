package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.rules.Generations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of spec 3.6.1, in its order; this node is node 0 and accepted the control stream. */
class UuidComparisonTest {

  @ParameterizedTest(name = "row {0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | facts changed | C100 bm{1=0} h[] | C100 bm{0=0} h[] | initial-handshake-changed: RETRY_CONNECT
          0 | pv 101, facts changed | C100 bm{1=0} h[] | C100 bm{0=0} h[] | both-off: NO_SYNC
          1 |  | 4 bm{1=0} h[] | 4 bm{0=0} h[] | just-created-both: NO_SYNC
          1 | zero counts as just created | 0 bm{1=0} h[] | 4 bm{0=0} h[] | just-created-both: NO_SYNC
          2 |  | 4 bm{1=0} h[] | C100 bm{0=0} h[] | just-created-self: T_SET
          3 |  | C100 bm{1=0} h[] | 0 bm{0=0} h[] | just-created-peer: S_SET
          4 | pv 101 | C200 bm{1=10000000000B100} h[B100] | C200 bm{0=0} h[10000000000B100 B100] | sync-source-missed-finish: S_USE OWN_END
          4 | pv 101 | C200 bm{1=DD00} h[8800] | C200 bm{0=0} h[8800] | sync-source-peer-missed-finish: S_USE
          4 | pv 90 | C200 bm{1=DD00} h[8800] | C200 bm{0=0} h[8800] | just-created-peer: REQUIRES_PROTO_91
          5 | pv 101 | C200 bm{1=0} h[B900 B100] | C200 bm{0=B900} h[B100] | sync-target-peer-missed-finish: T_USE PEER_END
          5 | pv 101 | C200 bm{1=0} h[8800] | C200 bm{0=DD00} h[8800] | sync-target-missed-finish: T_USE
          5 | pv 90 | C200 bm{1=0} h[8800] | C200 bm{0=DD00} h[8800] | just-created-peer: REQUIRES_PROTO_91
          6 |  | C200 bm{1=C100} h[] bits=4 | C200 bm{0=0} h[C100] | sync-source-missed-finish: S_USE
          6 | pv 123 | C200 bm{1=C100} h[] | C200 bm{0=0} h[C100] | sync-source-missed-finish: S_USE OWN_END
          7 |  | C200 bm{1=0} h[C100] | C200 bm{0=C100} h[] bits=4 | sync-target-peer-missed-finish: T_USE
          7 | pv 123 | C200 bm{1=0} h[C100] | C200 bm{0=C100} h[] | sync-target-peer-missed-finish: T_USE
          7 | the peer has no slot for this node | C200 bm{1=0} h[C100] bits=1 | C200 bm{} h[] | sync-target-peer-missed-finish: T_USE
          7 | current of another | C200 bm{1=0} h[C100] bits=1 | C200 bm{} h[] sync-target | both-off: NO_SYNC
          8 | pv 120 | C100 bm{1=0} h[] reconnect,lost-quorum | C100 bm{0=0} h[] reconnect | reconnected: NO_SYNC
          9 | pv 121, protocol A | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] reconnect | crashed-primary: S_USE
          9 | pv 120, protocol A | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] reconnect | lost-quorum: T_IF_BOTH_FAILED
          10 | pv 121, protocol B | C100 bm{1=0} h[] | C100 bm{0=0} h[] crashed | crashed-primary: T_USE
          10 | pv 121, protocol B | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] crashed | both-off: T_IF_BOTH_FAILED
          11 |  | C100 bm{1=0} h[] | C100 bm{0=0} h[] lost-quorum | lost-quorum: T_IF_BOTH_FAILED
          12 |  | C100 bm{1=0} h[] lost-quorum | C100 bm{0=0} h[] reconnect | lost-quorum: S_IF_BOTH_FAILED
          13 |  | C100 bm{1=0} h[] lost-quorum | C100 bm{0=0} h[] lost-quorum | lost-quorum: S_IF_BOTH_FAILED
          14 | pv 119 | C100 bm{1=0} h[] reconnect | C100 bm{0=0} h[] reconnect | reconnected: NO_SYNC
          14 | pv 119 | C100 bm{1=0} h[] reconnect | C100 bm{0=0} h[] reconnect,lost-quorum | lost-quorum: T_IF_BOTH_FAILED
          15 |  | C100 bm{1=0} h[] reconnect | C100 bm{0=0} h[] crashed | lost-quorum: S_IF_BOTH_FAILED
          15 | pv 119 | C100 bm{1=0} h[] reconnect | C100 bm{0=0} h[] crashed | reconnected: S_IF_BOTH_FAILED
          16 |  | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] reconnect | lost-quorum: T_IF_BOTH_FAILED
          17 |  | C100 bm{1=0} h[] | C100 bm{0=0} h[] reconnect | lost-quorum: NO_SYNC
          17 | own crash without a survivor | C100 bm{1=0} h[] crashed,reconnect | C100 bm{0=0} h[] | lost-quorum: NO_SYNC
          18 |  | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] crashed | both-off: T_IF_BOTH_FAILED
          19 |  | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] | both-off: S_IF_BOTH_FAILED
          20 |  | C100 bm{1=0} h[] | C100 bm{0=0} h[] crashed | both-off: T_IF_BOTH_FAILED
          21 | the bit of the Primary does not count | C101 bm{1=0} h[] | C100 bm{0=0} h[] | both-off: NO_SYNC
          22 |  | C100 bm{1=0} h[] | C200 bm{0=C101} h[] | bitmap-peer: T_USE
          23 | the lowest counts | C100 bm{1=0} h[] | C200 bm{0=0 2=C100 3=C100} h[] | bitmap-peer-other: T_CLEAR(2)
          24 | pv 101 | B100 bm{1=0} h[] | C200 bm{0=100000000B100} h[B100] | sync-target-missed-start: T_USE PEER_START
          24 | pv 95 | B100 bm{1=0} h[8800] | C200 bm{0=7700} h[B100 8800] | sync-target-missed-start: T_USE PEER_START
          24 | pv 90 | B100 bm{1=0} h[8800] | C200 bm{0=7700} h[B100 8800] | sync-target-missed-start: REQUIRES_PROTO_91
          24 | pv 118 | B100 bm{1=0} h[] | C200 bm{0=100000000B100} h[B100] | history-peer: T_SET
          25 |  | C200 bm{1=C100} h[] | C100 bm{0=0} h[] | bitmap-self: S_USE
          26 |  | C200 bm{1=0 2=C100 3=C100} h[] | C100 bm{0=0} h[] | bitmap-self-other: S_COPY(2)
          26 | pv 101, peer's slot only | C200 bm{1=0 2=C100} h[] | C100 bm{0=0} h[] | history-both: UNREL
          27 | pv 101 | C200 bm{1=100000000B100} h[B100] | B100 bm{0=0} h[] | sync-source-missed-start: S_USE OWN_START
          27 | pv 95 | C200 bm{1=7700} h[B100 8800] | B100 bm{0=0} h[8800] | sync-source-missed-start: S_USE OWN_START
          27 | pv 90 | C200 bm{1=7700} h[B100 8800] | B100 bm{0=0} h[8800] | sync-source-missed-start: REQUIRES_PROTO_91
          28 |  | C100 bm{1=0} h[] | C300 bm{0=C200} h[9900 C100] | history-peer: T_SET
          28 | each in the other's past | C100 bm{1=0} h[C300] | C300 bm{0=C200} h[C100] | history-both: UNREL
          29 |  | C300 bm{1=C200} h[9900 C100] | C100 bm{0=0} h[] | history-self: S_SET
          29 | nothing counts after an empty entry | C300 bm{1=C200} h[9900 0 C100] | C100 bm{0=0} h[] | history-both: UNREL
          30 |  | C200 bm{1=C101} h[] | C300 bm{0=C100} h[] | bitmap-both: SB_AUTO_RECOVER
          31 |  | C200 bm{1=D000} h[8800 9900] | C300 bm{0=E000} h[7700 9900] | history-both: SB_DISCONNECT
          31 | nothing counts after an empty entry | C200 bm{1=D000} h[0 9900] | C300 bm{0=E000} h[9900] | history-both: UNREL
          32 |  | C200 bm{1=D000} h[8800] | C300 bm{0=E000} h[7700] | history-both: UNREL
          """)
  void row(int row, String terms, String own, String peer, String expected) {
    SyncFacts<Generations> facts =
        SyncHandshakeTest.facts(terms == null ? "" : terms, 0, own, peer);
    SyncDecision decision = SyncHandshake.decide(facts);
    Comparison found = decision.comparison();
    String changes =
        decision.changes().stream()
            .filter(change -> change != UuidChange.OWN_SLOT_NAMES_PEER)
            .map(change -> " " + change)
            .reduce("", String::concat);
    assertThat(
            found.rule().id() + ": " + Notation.shortName(found.strategy(), found.node()) + changes)
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OWN_END | C200 bm{1=C100} h[8800] | C200 bm{0=0} h[] | C200 0 C100 8800 / C200 0 0 0
          OWN_START | C200 bm{1=1B100} h[B100 8800] | B100 bm{0=0} h[] | C200 B100 8800 0 / B100 0 0 0
          PEER_END | C200 bm{1=0} h[] | C200 bm{0=B900} h[B100] | C200 0 0 0 / C200 0 B900 B100
          PEER_START | B100 bm{1=0} h[] | C200 bm{0=1B100} h[B100 8800] | B100 0 0 0 / C200 B100 8800 0
          OWN_SLOT_NAMES_PEER | C300 bm{1=C200} h[C100] | C100 bm{0=0} h[] | C300 C100 C200 C100 / C100 0 0 0
          """)
  void change(UuidChange change, String own, String peer, String expected) {
    Generations a = Notation.side(0, false, own).uuids();
    Generations b = Notation.side(1, true, peer).uuids();
    assertThat(text(change.own(a, b), 1) + " / " + text(change.peer(a, b), 0)).isEqualTo(expected);
  }

  private static String text(Generations set, int node) {
    return "%X %X %X %X"
        .formatted(
            set.current(), set.bitmap().get(node), set.history().get(0), set.history().get(1));
  }
}
