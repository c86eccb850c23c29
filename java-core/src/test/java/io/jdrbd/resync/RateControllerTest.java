package io.jdrbd.resync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check values of spec 6.17, and what follows from the text. */
class RateControllerTest {
  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int SECTORS = 8;
  private static final int BUFFERS = 2048;

  private long nowNs;

  /** All that was asked for is answered within its step. */
  private int next(RateController rate) {
    nowNs += STEP_NS;
    int blocks = rate.nextBatch(nowNs);
    rate.requested((long) blocks * SECTORS);
    rate.answered((long) blocks * SECTORS);
    return blocks;
  }

  @ParameterizedTest
  @CsvSource({"100, '6,7,8,9,10,11'", "0, '6,9,13'"})
  void theFirstBatchesAreThoseOfTheReference(int fillTargetSectors, String batches) {
    ResyncRate options = new ResyncRate(250, 20, 10, fillTargetSectors, 102_400, 250);
    RateController rate = new RateController(options, BUFFERS, nowNs);
    for (String expected : batches.split(",", -1)) {
      assertThat(next(rate)).isEqualTo(Integer.parseInt(expected));
    }
  }

  @Test
  void aFixedRateStaysTheSame() {
    RateController rate =
        new RateController(new ResyncRate(4096, 0, 10, 100, 102_400, 250), BUFFERS, nowNs);
    for (int batch = 0; batch < 5; batch++) {
      assertThat(next(rate)).isEqualTo(102);
    }
    assertThat(rate.wantedKib()).isEqualTo(4080);
    assertThat(rate.pauseAfterAllNs(nowNs)).as("the time stays").isEqualTo(STEP_NS);
  }

  @Test
  void answersThatComeFastLeadToTheLimitWithinASecond() {
    RateController rate = new RateController(ResyncRate.DEFAULT, 100_000, nowNs);
    long asked = 0;
    long end = nowNs + TimeUnit.SECONDS.toNanos(2);
    while (nowNs < end) {
      int blocks = rate.nextBatch(nowNs);
      asked += nowNs > end - TimeUnit.SECONDS.toNanos(1) ? blocks : 0;
      rate.requested((long) blocks * SECTORS);
      nowNs += TimeUnit.MICROSECONDS.toNanos(500 + blocks);
      rate.answered((long) blocks * SECTORS);
      nowNs += rate.pauseAfterAllNs(nowNs);
    }
    assertThat(asked * 4).as("KiB in the last second").isBetween(90_000L, 103_000L);
  }

  @Test
  void whatIsOnItsWayNeverExceedsTheBuffers() {
    RateController rate = new RateController(ResyncRate.UNLIMITED, 64, nowNs);
    long outstanding = 0;
    for (int batch = 0; batch < 50; batch++) {
      nowNs += STEP_NS;
      int blocks = rate.nextBatch(nowNs);
      rate.requested((long) blocks * SECTORS);
      outstanding += blocks;
      assertThat(outstanding).isLessThanOrEqualTo(64);
      long answered = batch % 3 == 0 ? outstanding : outstanding / 2;
      rate.answered(answered * SECTORS);
      outstanding -= answered;
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 8, 133", "10, 5, 50", "0, 0, 100"})
  void thePauseIsInProportionToWhatWasAskedFor(int wanted, int made, long pauseMs) {
    RateController rate = new RateController(fixedFor(wanted), BUFFERS, nowNs);
    assertThat(rate.nextBatch(nowNs)).isEqualTo(Math.max(1, wanted));
    rate.requested((long) made * SECTORS);
    assertThat(TimeUnit.NANOSECONDS.toMillis(rate.pauseNs())).isEqualTo(pauseMs);
  }

  private static ResyncRate fixedFor(int blocks) {
    return new ResyncRate(blocks * 40, 0, 10, 100, 102_400, 250);
  }

  @Test
  void aSlowAnswerWaitsForTheLimit() {
    ResyncRate slow = new ResyncRate(250, 20, 10, 100, 1000, 250);
    RateController rate = new RateController(slow, BUFFERS, nowNs);
    rate.nextBatch(nowNs);
    rate.requested(200);
    assertThat(rate.pauseAfterAllNs(nowNs + TimeUnit.MILLISECONDS.toNanos(20)))
        .as("200 sectors last 100 ms at 1000 KiB/s")
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(80));
  }
}
