package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every row of spec 3.7.5, and the steps of 3.6.4 around it. Both wrote since generation C100; T is
 * "this node gives way", S "the peer gives way", D "not solved".
 */
class SplitBrainTest {

  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0pri disconnect | Secondary C100 3 | Secondary C100 7 | D
          0pri discard-younger-primary | Secondary C100 3 | Secondary C101 7 | T
          0pri discard-younger-primary | Secondary C101 3 | Secondary C100 7 | S
          0pri discard-younger-primary | Secondary C100 3 | Secondary C100 0 | S
          0pri discard-younger-primary | Secondary C101 3 | Secondary C101 7 | T
          0pri discard-older-primary | Secondary C100 3 | Secondary C101 7 | S
          0pri discard-older-primary | Secondary C101 3 | Secondary C100 7 | T
          0pri discard-older-primary | Secondary C100 0 | Secondary C100 7 | T
          0pri discard-older-primary | Secondary C100 9 | Secondary C100 7 | S
          0pri discard-zero-changes | Secondary C100 0 | Secondary C100 0 | T
          0pri discard-zero-changes | Secondary C100 1 | Secondary C100 0 | S
          0pri discard-zero-changes | Secondary C100 0 | Secondary C100 1 | T
          0pri discard-zero-changes | Secondary C100 1 | Secondary C100 2 | D
          0pri discard-least-changes | Secondary C100 1 | Secondary C100 2 | T
          0pri discard-least-changes | Secondary C100 2 | Secondary C100 1 | S
          0pri discard-least-changes | Secondary C100 2 | Secondary C100 2 | T
          0pri discard-local | Secondary C100 2 | Secondary C100 0 | T
          0pri discard-remote | Secondary C100 0 | Secondary C100 2 | S
          0pri consensus | Secondary C100 0 | Secondary C100 2 | D
          0pri violently-as0p | Secondary C100 0 | Secondary C100 2 | D
          1pri disconnect, 0pri discard-local | Secondary C100 1 | Primary C100 1 | D
          1pri consensus, 0pri discard-local | Secondary C100 1 | Primary C100 1 | T
          1pri consensus, 0pri discard-local | Primary C100 1 | Secondary C100 1 | D
          1pri consensus, 0pri discard-remote | Primary C100 1 | Secondary C100 1 | S
          1pri consensus, 0pri discard-remote | Secondary C100 1 | Primary C100 1 | D
          1pri consensus | Secondary C100 1 | Primary C100 1 | D
          1pri violently-as0p, 0pri discard-remote | Secondary C100 1 | Primary C100 1 | S
          1pri discard-secondary | Secondary C100 9 | Primary C100 1 | T
          1pri discard-secondary | Primary C100 1 | Secondary C100 9 | S
          1pri call-pri-lost-after-sb, 0pri discard-local, can be demoted | Primary C100 1 | Secondary C100 1 | T DEMOTE
          1pri call-pri-lost-after-sb, 0pri discard-local | Primary C100 1 | Secondary C100 1 | D HANDLER_PRI_LOST_AFTER_SB
          1pri call-pri-lost-after-sb, 0pri discard-local | Secondary C100 1 | Primary C100 1 | T
          1pri call-pri-lost-after-sb, 0pri discard-remote | Primary C100 1 | Secondary C100 1 | S
          1pri discard-local, 0pri discard-local | Secondary C100 1 | Primary C100 1 | D
          2pri disconnect, 0pri discard-remote | Primary C100 1 | Primary C100 1 | D
          2pri violently-as0p, 0pri discard-remote | Primary C100 1 | Primary C100 1 | S
          2pri call-pri-lost-after-sb, 0pri discard-local, can be demoted | Primary C100 1 | Primary C100 1 | T DEMOTE
          2pri call-pri-lost-after-sb, 0pri discard-local | Primary C100 1 | Primary C100 1 | D HANDLER_PRI_LOST_AFTER_SB
          2pri discard-secondary, 0pri discard-remote | Primary C100 1 | Primary C100 1 | D
          """)
  void policy(String options, String own, String peer, String expected) {
    String[] mine = own.split(" ", -1);
    String[] theirs = peer.split(" ", -1);
    SplitBrain.Solution solution =
        SplitBrain.solve(
            new SplitBrain.Facts(
                mine[1].endsWith("1"),
                theirs[1].endsWith("1"),
                Long.parseLong(mine[2]),
                Long.parseLong(theirs[2]),
                mine[0].equals("Primary"),
                theirs[0].equals("Primary"),
                Notation.terms(options, 124, true)));
    String winner =
        switch (solution.winner()) {
          case OWN -> "S";
          case PEER -> "T";
          case NOBODY -> "D";
        };
    assertThat(
            solution.actions().stream().map(action -> " " + action).reduce(winner, String::concat))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          both discard | C200 bm{1=C100} h[] bits=3,discard | C300 bm{0=C100} h[] bits=7,discard | SB_DISCONNECT -> disconnect
          I discard | C200 bm{1=C100} h[] bits=3,discard | C300 bm{0=C100} h[] bits=7 | T_USE -> WFBitMapT
          I am not stable | C200 bm{1=C100} h[] bits=3,unstable | C300 bm{0=C100} h[] bits=7 | NO_SYNC -> Est
          quorum on, the peer has none, 0pri discard-local | C200 bm{1=C100} h[] bits=3 | C300 bm{0=C100} h[] bits=7,no-quorum | S_USE -> WFBitMapS
          the peer has no quorum, but nobody asks | C200 bm{1=C100} h[] bits=3 | C300 bm{0=C100} h[] bits=7,no-quorum | SB_DISCONNECT -> disconnect
          always-asbp, 0pri discard-local | C200 bm{1=D000} h[8800] bits=3 | C300 bm{0=E000} h[8800] bits=7 | T_SET -> WFBitMapT
          0pri discard-local, but not always | C200 bm{1=D000} h[8800] bits=3 | C300 bm{0=E000} h[8800] bits=7 | SB_DISCONNECT -> disconnect
          dry run, 0pri discard-local | C200 bm{1=C100} h[] bits=3 | C300 bm{0=C100} h[] bits=7 | T_USE -> disconnect
          pv 120, reversal is too new | C200 bm{1=C100} h[] bits=3,discard | C100 bm{0=0} h[] | S_USE -> WFBitMapS
          reversal from an Inconsistent source | C200 bm{1=C100} h[] bits=3,discard | C100 bm{0=0} h[] Inconsistent | S_USE -> WFBitMapS
          rr-conflict call-pri-lost | C101 bm{1=0} h[] Pri,bits=1 | C200 bm{0=C100} h[] | T_PRIMARY_DISCONNECT -> disconnect
          rr-conflict violently | C101 bm{1=0} h[] Pri,bits=1 | C200 bm{0=C100} h[] | T_USE -> WFBitMapT
          rr-conflict auto-discard, protocol A | C101 bm{1=0} h[] Pri,bits=1 | C101 bm{0=0} h[] crashed | S_USE -> WFBitMapS
          rr-conflict auto-discard, protocol A | C101 bm{1=0} h[] crashed,bits=1 | C101 bm{0=0} h[] Pri | T_USE -> WFBitMapT
          rr-conflict auto-discard, other rule | C101 bm{1=0} h[] Pri,bits=1 | C200 bm{0=C100} h[] | T_USE -> WFBitMapT
          no bits differ | C101 bm{1=0} h[] Pri | C200 bm{0=C100} h[] | T_USE -> WFBitMapT
          the Primary is Inconsistent | C101 bm{1=0} h[] Pri,Inconsistent,bits=1 | C200 bm{0=C100} h[] | T_USE -> WFBitMapT
          both crashed, both Primary | C101 bm{1=0} h[] Pri,crashed,bits=1 | C101 bm{0=0} h[] Pri,crashed | T_IF_BOTH_FAILED -> Est
          pv 118, I am better | C100 bm{1=0} h[] crashed | C100 bm{0=0} h[] Inconsistent | S_USE -> WFBitMapS
          pv 118, differ but none is Inconsistent | C100 bm{1=0} h[] Outdated | C100 bm{0=0} h[] crashed | T_IF_BOTH_FAILED -> WFBitMapT
          source of a third, peer follows it | C100 bm{1=0 2=B100} h[] | C100 bm{0=B100} h[] Inconsistent,sync-target | S_COPY(2) -> WFBitMapS
          source of a third, nothing fits | C100 bm{1=0} h[] | C100 bm{0=B100} h[] Inconsistent,sync-target | S_SET -> WFBitMapS
          target of a third, its slot is known | C100 bm{1=B100} h[] Inconsistent,sync-target | C100 bm{0=0 2=B100} h[] | T_CLEAR(2) -> WFBitMapT
          target of a third, nothing fits | C100 bm{1=B100} h[] Inconsistent,sync-target | C100 bm{0=0} h[] | T_SET -> WFBitMapT
          a missed end told by an Outdated source | C200 bm{1=C100} h[] Outdated,bits=4 | C200 bm{0=0} h[C100] Outdated | NO_SYNC -> Est
          a missed end told by an Outdated peer | C200 bm{1=0} h[C100] | C200 bm{0=C100} h[] Outdated,bits=4 | NO_SYNC -> Est
          pv 123, no bits, missed end | C200 bm{1=C100} h[] | C200 bm{0=0} h[C100] | RETRY_CONNECT -> retry
          pv 123, no bits, missed end, Primary | C201 bm{1=0} h[C100] Pri | C200 bm{0=C100} h[] | REQUIRES_PROTO_124 -> disconnect
          dagtags 5/9 | C100 bm{1=0} h[] bits=1 | C100 bm{0=0} h[] bits=1 | T_USE -> WFBitMapT
          dagtags 9/5 | C100 bm{1=0} h[] bits=1 | C100 bm{0=0} h[] bits=1 | S_USE -> WFBitMapS
          dagtags 5/5 | C100 bm{1=0} h[] bits=1 | C100 bm{0=0} h[] bits=1 | S_USE -> WFBitMapS
          dagtags 5/9, only I have bits | C100 bm{1=0} h[] bits=1 | C100 bm{0=0} h[] | S_USE -> WFBitMapS
          dagtags 5/9, one crashed | C100 bm{1=0} h[] bits=1,reconnect | C100 bm{0=0} h[] crashed,reconnect | NO_SYNC -> Est
          I attach, split brain | C200 bm{1=C100} h[] bits=3 | C300 bm{0=C100} h[] bits=7 | SB_AUTO_RECOVER -> no result
          I attach, unrelated | C200 bm{1=0} h[] | C300 bm{0=0} h[] | UNREL -> no result
          I attach as Primary | C100 bm{1=0} h[] Pri,bits=3 | C200 bm{0=C100} h[] | T_USE -> WFBitMapT
          """)
  void decision(String terms, String own, String peer, String expected) {
    SyncDecision decision = SyncHandshake.decide(SyncHandshakeTest.facts(terms, 0, own, peer));
    assertThat(
            Notation.shortName(decision.strategy(), decision.node())
                + " -> "
                + Notation.outcome(decision.outcome()))
        .as(decision.reason())
        .isEqualTo(expected);
  }
}
