package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.RecordedRows;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real kernels decided these; so must this node. */
class KernelDecisionsTest {
  private static final String UNKNOWN = "-";

  static Stream<List<String>> of9() {
    return RecordedRows.of(KernelDecisionsTest.class, "decisions-9.txt");
  }

  static Stream<List<String>> of84() {
    return RecordedRows.of(KernelDecisionsTest.class, "decisions-84.txt");
  }

  @Test
  void allAreThere() {
    assertThat(of9().mapToInt(row -> Integer.parseInt(row.getFirst())).sum()).isEqualTo(527);
    assertThat(of84().mapToInt(row -> Integer.parseInt(row.getFirst())).sum()).isEqualTo(225);
  }

  @ParameterizedTest
  @MethodSource("of9")
  void decidesAsDrbd9(List<String> row) {
    String terms = row.get(4);
    SyncDecision decision =
        SyncHandshake.decide(
            new SyncFacts<>(
                Notation.side(Integer.parseInt(row.get(2)), false, row.get(5)),
                Notation.side(Integer.parseInt(row.get(3)), true, row.get(6)),
                Notation.terms(terms, 0, terms.contains("control"))));
    assertThat(decision.comparison().strategy().word()).isEqualTo(row.get(7));
    assertThat(decision.comparison().rule().id()).isEqualTo(row.get(8));
    checkOutcome(decision, row.get(9));
  }

  @ParameterizedTest
  @MethodSource("of84")
  void decidesAsDrbd84(List<String> row) {
    String terms = row.get(2);
    SyncDecision decision =
        SyncHandshake84.decide(
            new SyncFacts<>(
                Notation.side84(row.get(3)),
                Notation.side84(row.get(4)),
                Notation.terms(terms, 0, terms.contains("control"))));
    assertThat(decision.comparison().strategy().number84()).isEqualTo(Integer.parseInt(row.get(5)));
    assertThat(decision.comparison().rule().id()).isEqualTo(row.get(6));
    checkOutcome(decision, row.get(7));
  }

  private static void checkOutcome(SyncDecision decision, String expected) {
    if (!expected.equals(UNKNOWN)) {
      assertThat(Notation.outcome(decision.outcome())).as(decision.reason()).isEqualTo(expected);
    }
  }
}
