package io.jdrbd.disk.open;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Medium;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many more requests than the direct engine has threads, through all that is around it. */
class ManyRequestsTest {
  private static final int SIZE = 4 << 20;
  private static final int BLOCK = 4096;
  private static final int REQUESTS = 64;

  /** What the JVM and Netty allocate now and then; a request's share would be far more. */
  private static final long BYTES_PER_REQUEST_MAX = 16;

  @Test
  void moreRequestsThanThreadsWaitAndAllEnd() throws Exception {
    try (Medium medium = Medium.Kind.FILE.create(SIZE);
        DiskHarness disk = open(medium, 2)) {
      run(disk, 1, Kind.READ);
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().equals("disk " + medium.path()))
          .hasSizeBetween(1, 2);
    }
  }

  /** What is asked for again and again. */
  enum Kind {
    READ,
    WRITE,
    WRITE_THROUGH
  }

  private static DiskHarness open(Medium medium, int threads) {
    DiskOptions options =
        DiskOptions.DEFAULT.withEngine(new EngineChoice.Direct()).withThreads(threads);
    return new DiskHarness((loop, pool) -> DiskOpener.open(medium.path(), options, loop, pool));
  }

  @ParameterizedTest
  @EnumSource
  void requestsAllocateNothingInTheSteadyState(Kind kind) throws Exception {
    try (Medium medium = Medium.Kind.FILE.create(SIZE);
        DiskHarness disk = open(medium, 4)) {
      run(disk, 20, kind);
      long before = allocatedBytes();
      int rounds = 40;
      run(disk, rounds, kind);
      long perRequest = (allocatedBytes() - before) / ((long) rounds * REQUESTS);
      assertThat(perRequest).isLessThan(BYTES_PER_REQUEST_MAX);
    }
  }

  /** Of all threads that live. */
  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes();
  }

  private static void run(DiskHarness disk, int rounds, Kind kind) throws Exception {
    CountDownLatch ended = new CountDownLatch(REQUESTS);
    PooledBuffer buffer = disk.buffer(REQUESTS * BLOCK);
    disk.loop()
        .execute(
            () -> {
              for (int i = 0; i < REQUESTS; i++) {
                new Repeated(disk, kind, buffer, i * BLOCK, rounds, ended).start();
              }
            });
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    buffer.release();
  }

  private static final class Repeated extends DiskRequest {
    private final DiskHarness disk;
    private final PooledBuffer buffer;
    private final Kind kind;
    private final int offset;
    private final CountDownLatch ended;
    private int left;

    Repeated(
        DiskHarness disk,
        Kind kind,
        PooledBuffer buffer,
        int offset,
        int rounds,
        CountDownLatch ended) {
      this.disk = disk;
      this.kind = kind;
      this.buffer = buffer;
      this.offset = offset;
      this.left = rounds;
      this.ended = ended;
    }

    void start() {
      left--;
      switch (kind) {
        case READ -> read(offset, BLOCK, buffer, offset);
        case WRITE -> write(offset, BLOCK, buffer, offset, false);
        case WRITE_THROUGH -> write(offset, BLOCK, buffer, offset, true);
      }
      disk.disk().submit(this);
    }

    @Override
    public void complete() {
      if (left > 0) {
        start();
      } else {
        ended.countDown();
      }
    }

    @Override
    public void fail(DiskException error) {
      throw new AssertionError(error);
    }
  }
}
