package io.jdrbd.disk.direct;

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

/** Many more requests than threads. */
class DirectQueueTest {
  private static final int SIZE = 4 << 20;
  private static final int BLOCK = 4096;
  private static final int REQUESTS = 256;

  /** What the JVM and Netty allocate now and then; a request's share would be far more. */
  private static final long BYTES_PER_REQUEST_MAX = 16;

  @Test
  void moreRequestsThanThreadsWaitAndAllEnd() throws Exception {
    try (Medium medium = Medium.Kind.FILE.create(SIZE);
        DiskHarness disk =
            new DiskHarness(
                (loop, pool) -> new DirectDisk(loop, DiskFile.open(medium.path(), false), 2))) {
      reads(disk, 1);
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().equals("disk " + medium.path()))
          .hasSizeBetween(1, 2);
    }
  }

  @Test
  void requestsAllocateNothingInTheSteadyState() throws Exception {
    try (Medium medium = Medium.Kind.FILE.create(SIZE);
        DiskHarness disk =
            new DiskHarness(
                (loop, pool) -> new DirectDisk(loop, DiskFile.open(medium.path(), false), 4))) {
      reads(disk, 20);
      long before = allocatedBytes();
      int rounds = 40;
      reads(disk, rounds);
      long perRequest = (allocatedBytes() - before) / ((long) rounds * REQUESTS);
      assertThat(perRequest).isLessThan(BYTES_PER_REQUEST_MAX);
    }
  }

  /** Of all threads that live. */
  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes();
  }

  private static void reads(DiskHarness disk, int rounds) throws Exception {
    CountDownLatch ended = new CountDownLatch(REQUESTS);
    PooledBuffer buffer = disk.buffer(REQUESTS * BLOCK);
    disk.loop()
        .execute(
            () -> {
              for (int i = 0; i < REQUESTS; i++) {
                new Repeated(disk, buffer, i * BLOCK, rounds, ended).start();
              }
            });
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    buffer.release();
  }

  private static final class Repeated extends DiskRequest {
    private final DiskHarness disk;
    private final PooledBuffer buffer;
    private final int offset;
    private final CountDownLatch ended;
    private int left;

    Repeated(DiskHarness disk, PooledBuffer buffer, int offset, int rounds, CountDownLatch ended) {
      this.disk = disk;
      this.buffer = buffer;
      this.offset = offset;
      this.left = rounds;
      this.ended = ended;
    }

    void start() {
      left--;
      read(offset, BLOCK, buffer, offset);
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
