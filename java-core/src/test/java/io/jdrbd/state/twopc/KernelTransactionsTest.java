package io.jdrbd.state.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.RecordedRows;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.StateRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real kernels said this in transactions of two nodes; so must this node. */
class KernelTransactionsTest {

  static Stream<List<String>> replies() {
    return RecordedRows.of(KernelTransactionsTest.class, "replies.txt");
  }

  static Stream<List<String>> commits() {
    return RecordedRows.of(KernelTransactionsTest.class, "commits.txt");
  }

  @Test
  void allAreThere() {
    assertThat(replies().mapToInt(row -> Integer.parseInt(row.getFirst())).sum()).isEqualTo(471);
    assertThat(commits().mapToInt(row -> Integer.parseInt(row.getFirst())).sum()).isEqualTo(467);
  }

  private static StateRequest request(String mask, String value) {
    return new StateRequest(HexFormat.fromHexDigits(mask), HexFormat.fromHexDigits(value));
  }

  private static View view(int self, boolean connects, boolean primary, boolean data) {
    long peer = Nodes.of(1 - self);
    return new View(
        self, connects ? 0 : peer, connects ? peer : 0, primary, data, true, peer, false, 2_000);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void answersAsDrbd9(List<String> row) {
    Proposal proposal =
        new Proposal(
            new TransactionId(Integer.parseInt(row.get(4)), 7),
            Proposal.Kind.valueOf(row.get(2).replace("RESIZE", "SIZE")),
            request(row.get(6), row.get(7)),
            SizeChange.NONE,
            Integer.parseInt(row.get(3)),
            Integer.parseInt(row.get(5)));
    View view =
        view(
            Integer.parseInt(row.get(8)),
            proposal.isConnect(),
            Boolean.parseBoolean(row.get(9)),
            Boolean.parseBoolean(row.get(10)));
    Participant.Progress prepared =
        Participant.idle()
            .prepare(
                new Participant.Prepare(proposal.id().initiator(), proposal, ~3L),
                Verdict.passed("fine"),
                view);
    Participant.Progress last =
        proposal.isConnect() ? prepared.next().handshakeCame(Handshake.READY) : prepared;
    assertThat(last.actions().getLast())
        .isInstanceOfSatisfying(
            TwopcAction.SendReply.class,
            reply -> {
              assertThat(reply.answer()).isEqualTo(Answer.YES);
              Masks masks = reply.masks();
              String weak = row.get(11).endsWith("-") ? "-" : Long.toHexString(masks.weak());
              assertThat("%x %x %s".formatted(masks.reachable(), masks.primaries(), weak))
                  .isEqualTo(row.get(11));
            });
  }

  @ParameterizedTest
  @MethodSource("commits")
  void commitsAsDrbd9(List<String> row) {
    int self = Integer.parseInt(row.get(6));
    Proposal proposal =
        Proposal.state(
            new TransactionId(self, 7),
            request(row.get(4), row.get(5)),
            Integer.parseInt(row.get(2)),
            Integer.parseInt(row.get(3)));
    View view =
        view(
            self,
            proposal.isConnect(),
            Boolean.parseBoolean(row.get(7)),
            Boolean.parseBoolean(row.get(8)));
    String[] said = row.get(9).split(" ", -1);
    Masks masks =
        new Masks(
            Long.parseUnsignedLong(said[0], 16),
            Long.parseUnsignedLong(said[1], 16),
            Long.parseUnsignedLong(said[2], 16),
            Masks.ANY_SIZE);
    Coordinator asked = Coordinator.begin(proposal, view).next();
    Coordinator ready = asked.on(new CoordinatorEvent.HandshakeCame(Handshake.READY), view).next();
    List<TwopcAction> actions =
        ready.on(new CoordinatorEvent.Replied(1 - self, Answer.YES, masks), view).actions();
    assertThat(actions)
        .filteredOn(TwopcAction.SendCommit.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            TwopcAction.SendCommit.class,
            sent ->
                assertThat(
                        "%x %x %s"
                            .formatted(
                                sent.commit().primaries(),
                                sent.commit().reachable(),
                                sent.commit().primaryIncapable() ? "incapable" : "capable"))
                    .isEqualTo(row.get(10)));
  }
}
