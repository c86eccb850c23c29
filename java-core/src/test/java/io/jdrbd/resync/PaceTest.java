package io.jdrbd.resync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Pace pace = new Pace(0, 1000);

  @Test
  void atFirstAllMarksAreTheBeginning() {
    pace.goesOn(2 * SECOND, 900);

    assertThat(pace.progress(2 * SECOND, 900, 3))
        .isEqualTo(
            new Progress(
                1000,
                900,
                3,
                2 * SECOND,
                0,
                new Progress.Mark(2 * SECOND, 100),
                new Progress.Mark(2 * SECOND, 100),
                0,
                0,
                Optional.empty()));
    assertThat(pace.speedKib(2 * SECOND, 900)).isEqualTo(200);
    assertThat(pace.speedKib(SECOND / 2, 900)).as("a second at least").isEqualTo(400);
  }

  @Test
  void theYoungerMarkIsTheOneBeforeTheLastAndTheOlderSomeEighteenSecondsAgo() {
    for (int second = 1; second <= 30; second++) {
      pace.goesOn(second * SECOND, 1000 - 10 * second);
    }

    Progress progress = pace.progress(31 * SECOND, 690, 0);

    assertThat(progress.younger()).isEqualTo(new Progress.Mark(4 * SECOND, 40));
    assertThat(progress.older()).isEqualTo(new Progress.Mark(19 * SECOND, 190));
  }

  @Test
  void nothingIsMarkedWhileItStandsStill() {
    for (int second = 1; second <= 30; second++) {
      pace.goesOn(second * SECOND, 1000);
    }

    assertThat(pace.progress(30 * SECOND, 1000, 0).younger())
        .isEqualTo(new Progress.Mark(30 * SECOND, 0));
  }

  @Test
  void pausesAreCounted() {
    pace.pause(2 * SECOND);
    pace.pause(3 * SECOND);
    assertThat(pace.progress(5 * SECOND, 1000, 0).pausedNs()).isEqualTo(3 * SECOND);
    pace.resume(6 * SECOND);
    pace.resume(7 * SECOND);
    assertThat(pace.progress(9 * SECOND, 1000, 0).pausedNs()).isEqualTo(4 * SECOND);
  }

  @Test
  void moreMarksThanAtTheBeginningAreMoreToDo() {
    assertThat(pace.progress(SECOND, 1200, 0).totalBlocks()).isEqualTo(1200);
  }
}
