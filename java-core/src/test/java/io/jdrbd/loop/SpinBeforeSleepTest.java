package io.jdrbd.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

class SpinBeforeSleepTest {
  private static final long SHORT_NS = SpinBeforeSleep.SPIN_NS / 2;
  private static final long LONG_NS = SpinBeforeSleep.SHORT_PAUSE_NS * 10;

  private long nowNs = 1;
  private int events;
  private final SpinBeforeSleep strategy = new SpinBeforeSleep(() -> nowNs);

  @Test
  void sleepsAtOnceWhereNothingIsKnown() throws Exception {
    assertThat(answer(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void sleepsAtOnceAfterALongPause() throws Exception {
    sleepFor(LONG_NS);
    assertThat(answer(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void looksForEventsAfterAShortPause() throws Exception {
    sleepFor(SHORT_NS);
    assertThat(answer(false)).isZero();
    events = 3;
    assertThat(answer(false)).isEqualTo(3);
  }

  @Test
  void goesOnLookingAfterItHasFoundSome() throws Exception {
    sleepFor(SHORT_NS);
    for (int i = 0; i < 10; i++) {
      events = 0;
      assertThat(answer(false)).isZero();
      nowNs += SpinBeforeSleep.SPIN_NS - 1;
      events = 1;
      assertThat(answer(false)).isEqualTo(1);
    }
  }

  @Test
  void looksNoLongerThanTheLimit() throws Exception {
    sleepFor(SHORT_NS);
    assertThat(answer(false)).isZero();
    nowNs += SpinBeforeSleep.SPIN_NS;
    assertThat(answer(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void stopsLookingWhenThatWasInVain() throws Exception {
    sleepFor(SHORT_NS);
    assertThat(answer(false)).isZero();
    nowNs += SpinBeforeSleep.SPIN_NS;
    sleepFor(LONG_NS);
    assertThat(answer(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void neverSleepsWhileTasksWait() throws Exception {
    assertThat(answer(true)).isZero();
    events = 2;
    assertThat(answer(true)).isEqualTo(2);
  }

  private int answer(boolean hasTasks) throws Exception {
    return strategy.calculateStrategy(() -> events, hasTasks);
  }

  private void sleepFor(long pauseNs) throws Exception {
    assertThat(answer(false)).isEqualTo(SelectStrategy.SELECT);
    nowNs += pauseNs;
  }
}
