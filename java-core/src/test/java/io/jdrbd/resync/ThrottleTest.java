package io.jdrbd.resync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications go first, but not too far (spec 6.17). */
class ThrottleTest {
  private static final int MIN_KIB = 250;

  private long applicationBytes;
  private final Throttle throttle = new Throttle(() -> applicationBytes);

  @ParameterizedTest
  @CsvSource({
    "32768, 250, 1000, false",
    "33280, 250, 1000, true",
    "33280, 250, 250, false",
    "33280, 250, 251, true",
    "33280, 0, 1000, false",
    "33280, 250, -5, false",
  })
  void onlyAFastResyncWaitsForThoseWhoMoveEnough(
      long movedBytes, int minKib, long speedKib, boolean waits) {
    applicationBytes = movedBytes;
    assertThat(throttle.applies(minKib, speedKib)).isEqualTo(waits);
  }

  @Test
  void whatWasSeenCountsOnce() {
    applicationBytes = 1 << 20;
    assertThat(throttle.applies(MIN_KIB, 1000)).isTrue();
    assertThat(throttle.applies(MIN_KIB, 1000)).isFalse();
    applicationBytes += 1 << 20;
    assertThat(throttle.applies(MIN_KIB, 1000)).isTrue();
  }

  @Test
  void countersMayBeginAnew() {
    applicationBytes = 1 << 20;
    assertThat(throttle.applies(MIN_KIB, 1000)).isTrue();
    applicationBytes = 0;
    assertThat(throttle.applies(MIN_KIB, 1000)).isFalse();
    applicationBytes = 1 << 16;
    assertThat(throttle.applies(MIN_KIB, 1000)).isTrue();
  }
}
