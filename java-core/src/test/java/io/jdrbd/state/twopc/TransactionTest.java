package io.jdrbd.state.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.cluster.StateRequest.Outdates;
import io.jdrbd.state.twopc.CoordinatorEvent.HandshakeCame;
import io.jdrbd.state.twopc.CoordinatorEvent.Replied;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.10.4, 4.11 and 4.12: what either side of a transaction sends, in which order. */
class TransactionTest {
  private static final TransactionId ID = new TransactionId(0, 7);
  private static final Masks NOTHING = new Masks(0, 0, 0, Masks.ANY_SIZE);
  private static final Verdict FINE = Verdict.passed("fine");

  private static View view(int self, long connected, boolean primary) {
    return new View(self, connected, 0, primary, true, true, 0, false, 2_000);
  }

  private static View connecting(int self, long peers, boolean primary) {
    return new View(self, 0, peers, primary, true, true, 0, false, 2_000);
  }

  private static Proposal proposal(StateRequest change, int target) {
    return Proposal.state(ID, change, Nodes.NONE, target);
  }

  private static final Proposal CONNECT = proposal(StateRequest.connect(Role.SECONDARY), 1);
  private static final Proposal PROMOTE = proposal(StateRequest.role(Role.PRIMARY), Nodes.NONE);
  private static final Proposal DEMOTE = proposal(StateRequest.role(Role.SECONDARY), Nodes.NONE);
  private static final Proposal DISCONNECT =
      proposal(StateRequest.disconnect(Outdates.NOBODY, DiskNumbering.VERSION_9), 1);

  /** One line per action, with the masks that go on the wire. */
  private static List<String> text(List<TwopcAction> actions) {
    return actions.stream().map(TransactionTest::text).toList();
  }

  private static String text(TwopcAction action) {
    return switch (action) {
      case TwopcAction.Prepare(int node, Proposal proposal, long reach) ->
          "PREPARE to %d, %s left".formatted(node, left(reach));
      case TwopcAction.SendInitialPackets(int node) -> "initial packets to " + node;
      case TwopcAction.SendCommit(int node, TransactionId id, long reach, CommitMasks commit) ->
          "COMMIT to %d, %s left, %s".formatted(node, left(reach), text(commit));
      case TwopcAction.SendAbort(int node, TransactionId id, long reach) ->
          "ABORT to %d, %s left".formatted(node, left(reach));
      case TwopcAction.SendReply(int node, TransactionId id, Answer answer, Masks masks) ->
          "%s to %d, reach %x, primaries %x, weak %s"
              .formatted(answer, node, masks.reachable(), masks.primaries(), left(masks.weak()));
      case TwopcAction.Apply(Proposal proposal, CommitMasks commit, long members) ->
          "apply, members %x".formatted(members);
      case TwopcAction.ForgetHandshake(int node) -> "forget handshake with " + node;
      case TwopcAction.DecideSize(long sectors, long primaries) ->
          "decide size, at most %d, primaries %x".formatted(sectors, primaries);
      case TwopcAction.StartTimer(TransactionId id) -> "timer";
      case TwopcAction.Conclude(Verdict verdict) ->
          verdict instanceof Verdict.Refused no ? "over " + no.refusal().code() : "over";
    };
  }

  private static String text(CommitMasks commit) {
    return "primaries %x, reach %x%s%s"
        .formatted(
            commit.primaries(),
            commit.reachable(),
            commit.primaryIncapable() ? ", incapable" : "",
            commit.sectors() == 0 ? "" : ", %d sectors".formatted(commit.sectors()));
  }

  private static String left(long reach) {
    return reach < 0 ? "~%x".formatted(~reach) : "%x".formatted(reach);
  }

  /** Runs events through a coordinator and collects what it does. */
  private static List<String> coordinate(Proposal proposal, View view, CoordinatorEvent... events) {
    Coordinator.Progress progress = Coordinator.begin(proposal, view);
    List<String> all = new ArrayList<>(text(progress.actions()));
    for (CoordinatorEvent event : events) {
      progress = progress.next().on(event, view);
      all.addAll(text(progress.actions()));
    }
    return all;
  }

  private static Replied yes(int node, long reachable, long primaries, long weak) {
    return new Replied(node, Answer.YES, new Masks(reachable, primaries, weak, Masks.ANY_SIZE));
  }

  @Test
  void connectsWhenBothTheAnswerAndTheHandshakeAreThere() {
    List<String> expected =
        List.of(
            "PREPARE to 1, ~3 left",
            "initial packets to 1",
            "COMMIT to 1, ~3 left, primaries 0, reach 3",
            "apply, members 3",
            "over");
    View view = connecting(0, 2, false);
    HandshakeCame ready = new HandshakeCame(Handshake.READY);
    assertThat(coordinate(CONNECT, view, yes(1, 3, 0, 0), ready)).isEqualTo(expected);
    assertThat(coordinate(CONNECT, view, ready, yes(1, 3, 0, 0))).isEqualTo(expected);
  }

  @Test
  void connectsToPrimary() {
    assertThat(
            coordinate(
                CONNECT,
                connecting(0, 2, false),
                new HandshakeCame(Handshake.READY),
                yes(1, 3, 2, ~3L)))
        .contains("COMMIT to 1, ~3 left, primaries 2, reach 3");
  }

  @Test
  void promotesHereBeforeTheOthersKnow() {
    assertThat(coordinate(PROMOTE, view(0, 2, true), yes(1, 3, 0, 0)))
        .containsExactly(
            "PREPARE to 1, ~3 left",
            "apply, members 3",
            "COMMIT to 1, ~3 left, primaries 1, reach 3",
            "over");
  }

  @Test
  void demotesHereAfterTheOthersKnow() {
    assertThat(coordinate(DEMOTE, view(0, 2, false), yes(1, 3, 0, 0)))
        .containsExactly(
            "PREPARE to 1, ~3 left",
            "COMMIT to 1, ~3 left, primaries 0, reach 3",
            "apply, members 3",
            "over");
  }

  @Test
  void disconnectTellsTheTargetItsSide() {
    assertThat(coordinate(DISCONNECT, view(0, 2, true), yes(1, 2, 0, 0)))
        .containsExactly(
            "PREPARE to 1, ~3 left",
            "COMMIT to 1, ~3 left, primaries 1, reach 2",
            "apply, members 1",
            "over");
  }

  @Test
  void disconnectInMeshSplitsNothing() {
    assertThat(
            coordinate(DISCONNECT, view(0, 0b110, true), yes(1, 0b110, 0, 0), yes(2, 0b110, 0, 0)))
        .contains("COMMIT to 1, ~7 left, primaries 1, reach 7", "apply, members 7");
  }

  @Test
  void promotesAloneWithoutPackets() {
    assertThat(coordinate(PROMOTE, view(0, 0, true))).containsExactly("apply, members 1", "over");
  }

  @Test
  void primaryWithoutDataSaysSo() {
    View blind = new View(0, 2, 0, true, false, true, 0, false, 2_000);
    assertThat(coordinate(PROMOTE, blind, yes(1, 3, 0, 0)))
        .contains("COMMIT to 1, ~3 left, primaries 1, reach 3, incapable");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "retry,      -19",
    "no,         -10",
    "lost,       -19",
    "unsent,     -15",
    "timeout,    -23",
    "yield,      -19",
    "stranger,   0",
    "own retry,  -28",
    "own stop,   -27",
    "stop no,    -27",
  })
  void failures(String what, int code) {
    Replied yes = yes(1, 3, 0, 0);
    Replied no = new Replied(1, Answer.NO, NOTHING);
    List<CoordinatorEvent> events =
        switch (what) {
          case "retry" -> List.of(new Replied(1, Answer.RETRY, NOTHING));
          case "no" -> List.of(no, new HandshakeCame(Handshake.READY));
          case "lost" -> List.of(new CoordinatorEvent.Lost(1));
          case "unsent" -> List.of(new CoordinatorEvent.TargetUnreachable());
          case "timeout" -> List.of(new CoordinatorEvent.TimedOut());
          case "yield" -> List.of(new CoordinatorEvent.Yield());
          case "own retry" -> List.of(yes, new HandshakeCame(Handshake.RETRY));
          case "own stop" -> List.of(yes, new HandshakeCame(Handshake.DISCONNECT));
          case "stop no" -> List.of(no, new HandshakeCame(Handshake.DISCONNECT));
          default -> List.of(yes(5, 3, 0, 0), new CoordinatorEvent.Lost(5));
        };
    List<String> done =
        coordinate(CONNECT, connecting(0, 2, false), events.toArray(CoordinatorEvent[]::new));
    if (code == 0) {
      assertThat(done).hasSize(2);
    } else {
      assertThat(done.subList(2, done.size()))
          .containsExactly("ABORT to 1, ~3 left", "forget handshake with 1", "over " + code);
    }
  }

  @Test
  void nothingHappensAfterTheEnd() {
    View view = view(0, 2, true);
    assertThat(coordinate(PROMOTE, view, yes(1, 3, 0, 0), new CoordinatorEvent.TimedOut()))
        .hasSize(4);
  }

  @Test
  void targetThatIsAwayGetsNothing() {
    assertThat(coordinate(DISCONNECT, view(0, 4, false))).containsExactly("over -15");
  }

  /** Spec 4.20: this is node 0 of three, and becomes Primary beside node 1. */
  @ParameterizedTest(name = "two primaries with {0}, weak {1}, disk {2}: {3}")
  @CsvSource({
    "0, 0, true,  -1",
    "6, 0, true,  1",
    "6, 2, true,  -24",
    "6, 2, false, 1",
    "2, 2, false, -1",
    "6, -1, false, -24",
  })
  void twoPrimaries(long allowed, long weak, boolean disk, int code) {
    View view = new View(0, 0b110, 0, true, false, disk, allowed, false, 0);
    List<String> done = coordinate(PROMOTE, view, yes(1, 7, 2, weak), yes(2, 7, 0, 0));
    assertThat(done.getLast()).isEqualTo(code > 0 ? "over" : "over " + code);
  }

  @Test
  void readerBesideAPrimaryKeepsTheConnectionAway() {
    View reads = new View(0, 0, 2, false, true, true, 0, true, 0);
    assertThat(coordinate(CONNECT, reads, new HandshakeCame(Handshake.READY), yes(1, 3, 2, ~3L)))
        .endsWith("over " + StateError.PRIMARY_READER.code());
  }

  private static final Proposal RESIZE = Proposal.size(ID, 0, SizeChange.NONE);

  @Test
  void resizesToWhatEverybodyHas() {
    View view = view(0, 2, false);
    Replied reply = new Replied(1, Answer.YES, new Masks(3, 2, 0, 1_500));
    assertThat(coordinate(RESIZE, view, reply, new CoordinatorEvent.SizeDecided(1_500)))
        .containsExactly(
            "PREPARE to 1, ~3 left",
            "decide size, at most 1500, primaries 2",
            "COMMIT to 1, ~3 left, primaries 2, reach 0, 1500 sectors",
            "apply, members 3",
            "over");
    assertThat(coordinate(RESIZE, view, reply, new CoordinatorEvent.SizeDecided(0)))
        .endsWith("ABORT to 1, ~3 left", "over");
  }

  @Test
  void aPrimaryThatResizesIsAmongThePrimaries() {
    Replied reply = new Replied(1, Answer.YES, new Masks(3, 0, 0, 0xa000));
    assertThat(
            coordinate(RESIZE, view(0, 2, true), reply, new CoordinatorEvent.SizeDecided(0xa000)))
        .contains("COMMIT to 1, ~3 left, primaries 1, reach 0, 40960 sectors");
  }

  private static Participant.Prepare from0(Proposal proposal) {
    return new Participant.Prepare(0, proposal, ~3L);
  }

  @ParameterizedTest(name = "{0} as Primary {1}: {2}")
  @CsvSource({
    "promote,    false, 'YES to 0, reach 3, primaries 0, weak 0'",
    "promote,    true,  'YES to 0, reach 3, primaries 2, weak ~3'",
    "disconnect, false, 'YES to 0, reach 2, primaries 0, weak 0'",
    "resize,     true,  'YES to 0, reach 3, primaries 2, weak 0'",
    "empty,      false, 'YES to 0, reach 3, primaries 0, weak 0'",
  })
  void answers(String what, boolean primary, String expected) {
    Proposal proposal =
        switch (what) {
          case "promote" -> PROMOTE;
          case "disconnect" -> DISCONNECT;
          case "resize" -> RESIZE;
          default -> proposal(new StateRequest(0, 0), Nodes.NONE);
        };
    assertThat(
            text(Participant.idle().prepare(from0(proposal), FINE, view(1, 1, primary)).actions()))
        .containsExactly("timer", expected);
  }

  @Test
  void refusesWhatTheRulesForbidAndRetriesWhatIsTransient() {
    View view = view(1, 1, true);
    Verdict no = Verdict.refused(StateError.TWO_PRIMARIES, "no");
    Verdict later = Verdict.refused(StateError.IN_TRANSIENT_STATE, "later");
    Participant.Progress refused = Participant.idle().prepare(from0(PROMOTE), no, view);
    assertThat(text(refused.actions())).element(1).asString().startsWith("NO to 0");
    assertThat(refused.next().transaction()).contains(ID);
    Participant.Progress busy = Participant.idle().prepare(from0(PROMOTE), later, view);
    assertThat(text(busy.actions())).singleElement().asString().startsWith("RETRY to 0");
    assertThat(busy.next().transaction()).isEmpty();
  }

  @ParameterizedTest(name = "handshake {0}: {1}")
  @CsvSource({"READY, YES", "RETRY, RETRY", "DISCONNECT, NO"})
  void targetOfConnectAnswersAfterItsHandshake(Handshake handshake, Answer expected) {
    View view = connecting(1, 1, false);
    Participant.Progress prepared = Participant.idle().prepare(from0(CONNECT), FINE, view);
    assertThat(text(prepared.actions()))
        .containsExactly("forget handshake with 0", "initial packets to 0", "timer");
    Participant.Progress done = prepared.next().handshakeCame(handshake);
    assertThat(text(done.actions()))
        .containsExactly(expected + " to 0, reach 3, primaries 0, weak 0");
    assertThat(text(done.next().handshakeCame(handshake).actions())).isEmpty();
  }

  @Test
  void appliesOnceAndOnlyWhatWasPrepared() {
    View view = view(1, 1, false);
    Participant prepared = Participant.idle().prepare(from0(PROMOTE), FINE, view).next();
    CommitMasks commit = new CommitMasks(1, 3, false, 0);
    Participant.Progress done = prepared.commit(commit, ~3L, view);
    assertThat(text(done.actions())).containsExactly("apply, members 3");
    assertThat(done.next().transaction()).isEmpty();
    assertThat(done.next().commit(commit, ~3L, view).actions()).isEmpty();
  }

  @Test
  void forgetsOnAbortTimeoutAndLossOfTheParent() {
    View view = connecting(1, 1, false);
    Participant prepared = Participant.idle().prepare(from0(CONNECT), FINE, view).next();
    for (Participant.Progress end :
        List.of(
            prepared.abort(ID, ~3L, view), prepared.timedOut(ID, view), prepared.lost(0, view))) {
      assertThat(text(end.actions())).containsExactly("forget handshake with 0");
      assertThat(end.next().transaction()).isEmpty();
    }
    assertThat(prepared.timedOut(new TransactionId(0, 8), view).next().transaction()).contains(ID);
  }

  /** A chain 0 - 1 - 2: node 1 passes everything on. */
  @Test
  void passesOn() {
    View view = view(1, 0b101, false);
    Participant.Progress prepared = Participant.idle().prepare(from0(PROMOTE), FINE, view);
    assertThat(text(prepared.actions())).containsExactly("timer", "PREPARE to 2, ~7 left");
    Masks theirs = new Masks(0b110, 0, 0, Masks.ANY_SIZE);
    Participant.Progress answered = prepared.next().replied(2, ID, Answer.YES, theirs);
    assertThat(text(answered.actions())).containsExactly("YES to 0, reach 7, primaries 0, weak 0");
    assertThat(text(prepared.next().replied(2, ID, Answer.NO, theirs).actions()))
        .singleElement()
        .asString()
        .startsWith("NO to 0");
    assertThat(text(prepared.next().lost(2, view).actions()))
        .singleElement()
        .asString()
        .startsWith("RETRY to 0");
    assertThat(text(answered.next().commit(new CommitMasks(1, 7, false, 0), ~3L, view).actions()))
        .containsExactly("apply, members 7", "COMMIT to 2, ~7 left, primaries 1, reach 7");
    assertThat(text(answered.next().abort(ID, ~3L, view).actions()))
        .containsExactly("ABORT to 2, ~7 left");
    assertThat(text(answered.next().lost(0, view).actions())).contains("ABORT to 2, ~7 left");
  }

  /** A ring 0 - 1 - 2 - 0: the prepare comes twice. */
  @Test
  void duplicatePrepareGetsTheSameAnswer() {
    View view = view(1, 0b101, false);
    Participant.Progress prepared =
        Participant.idle().prepare(new Participant.Prepare(0, PROMOTE, ~7L), FINE, view);
    Participant.Progress again = prepared.next().duplicate(2);
    assertThat(text(again.actions())).containsExactly("YES to 2, reach 7, primaries 0, weak 0");
    assertThat(again.next().lost(0, view).next().transaction()).contains(ID);
    Participant crossed = Participant.idle().prepare(from0(PROMOTE), FINE, view).next();
    assertThat(text(crossed.duplicate(2).actions()))
        .containsExactly(
            "YES to 0, reach 7, primaries 0, weak 0", "YES to 2, reach 7, primaries 0, weak 0");
  }
}
