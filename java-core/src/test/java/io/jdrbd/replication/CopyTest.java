package io.jdrbd.replication;

import static io.jdrbd.replication.Copy.AWAITED;
import static io.jdrbd.replication.Copy.DONE;
import static io.jdrbd.replication.Copy.HANDED_OVER;
import static io.jdrbd.replication.Copy.OK;
import static io.jdrbd.replication.Copy.PEER_IN_SYNC;
import static io.jdrbd.replication.Copy.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of events of spec 2.12, row by row. */
class CopyTest {
  private static int after(Copy.Event... events) {
    int flags = 0;
    for (Copy.Event event : events) {
      flags = Copy.after(flags, event);
    }
    return flags;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0,  ADMITTED,              3
          3,  HANDED_OVER_IS_ENOUGH, 12
          3,  HANDED_OVER,           5
          10, HANDED_OVER_IS_ENOUGH, 12
          3,  SEND_CANCELLED,        1
          3,  ACK,                   10
          5,  ACK,                   12
          5,  ACK_IN_SYNC,           28
          5,  NEG_ACK,               4
          12, NEG_ACK,               4
          12, DURABLE,               44
          4,  DURABLE,               36
          5,  DURABLE,               44
          5,  LOST,                  36
          12, LOST,                  36
          28, LOST,                  52
          44, LOST,                  44
          """)
  void anEventChangesFlags(int before, Copy.Event event, int expected) {
    assertThat(Copy.after(before, event)).isEqualTo(expected);
  }

  @Test
  void theApplicationWaitsForAckAndBuffer() {
    assertThat(Copy.blocksCompletion(0)).isFalse();
    assertThat(Copy.blocksCompletion(AWAITED | HANDED_OVER)).isTrue();
    assertThat(Copy.blocksCompletion(OK | QUEUED)).isTrue();
    assertThat(Copy.blocksCompletion(OK | HANDED_OVER)).isFalse();
  }

  @Test
  void anAckedWriteIsForgottenOnlyWhenItIsDurable() {
    assertThat(Copy.isSettled(0)).isTrue();
    assertThat(Copy.isSettled(OK | HANDED_OVER)).isFalse();
    assertThat(Copy.isSettled(OK | HANDED_OVER | DONE)).isTrue();
    assertThat(Copy.isSettled(DONE | QUEUED)).isFalse();
  }

  @Test
  void whatWasAckedAndThenLostIsNotOk() {
    int flags =
        after(Copy.Event.ADMITTED, Copy.Event.HANDED_OVER, Copy.Event.ACK_IN_SYNC, Copy.Event.LOST);
    assertThat(Copy.isOk(flags)).isFalse();
    assertThat(Copy.isInSync(flags)).isFalse();
    assertThat(Copy.isDone(flags)).isTrue();
    assertThat(flags & PEER_IN_SYNC).isNotZero();
  }
}
