package io.jdrbd.disk.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.loop.EpollLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskThreadsTest {
  private static final long WAIT_S = 60;

  /** A job that does nothing on a disk thread and then tells. */
  private static final class Told extends Job {
    private final Runnable end;
    private volatile Thread ranOn = Thread.currentThread();

    Told(Runnable end) {
      this.end = end;
    }

    @Override
    void run() {
      ranOn = Thread.currentThread();
    }

    @Override
    void end() {
      end.run();
    }
  }

  /** Bursts find the threads asleep, awake and on their way to either. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16})
  void noJobIsForgottenHoweverTheyCome(int workersMax) throws Exception {
    Random random = new Random(workersMax);
    try (EpollLoop loop = new EpollLoop("test")) {
      DiskThreads threads = new DiskThreads(loop, "burst", workersMax);
      for (int burst = 0; burst < 2_000; burst++) {
        int jobs = 1 + random.nextInt(20);
        CountDownLatch ended = new CountDownLatch(jobs);
        for (int i = 0; i < jobs; i++) {
          threads.submit(new Told(ended::countDown));
        }
        assertThat(ended.await(WAIT_S, TimeUnit.SECONDS)).as("burst %d", burst).isTrue();
      }
      threads.end();
    }
  }

  @Test
  void oneThreadKeepsTheOrder() throws Exception {
    List<Integer> order = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    try (EpollLoop loop = new EpollLoop("test")) {
      DiskThreads threads = new DiskThreads(loop, "order", 1);
      for (int i = 0; i < 100; i++) {
        int number = i;
        threads.submit(new Told(() -> order.add(number)));
      }
      threads.submit(new Told(ended::countDown));
      threads.end();
      assertThat(ended.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order).hasSize(100).isSorted();
  }

  @Test
  void threadsEndWhenTheyAreToldTo() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (EpollLoop loop = new EpollLoop("test")) {
      DiskThreads threads = new DiskThreads(loop, "ending", 4);
      Told job = new Told(ended::countDown);
      threads.submit(job);
      assertThat(ended.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
      threads.end();
      job.ranOn.join(TimeUnit.SECONDS.toMillis(WAIT_S));
      assertThat(job.ranOn.isAlive()).isFalse();
    }
  }
}
