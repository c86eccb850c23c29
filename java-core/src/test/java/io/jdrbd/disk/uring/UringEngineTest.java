package io.jdrbd.disk.uring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Medium;
import io.jdrbd.disk.PendingRequest;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.loop.EpollLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UringEngineTest {
  private static final int SIZE = 4 << 20;
  private static final int BLOCK = 4096;
  private static final int REQUESTS = 4 * UringEngine.IN_FLIGHT_MAX;
  private static final long WAIT_S = 30;

  /** What the JVM and Netty allocate now and then; a request's share would be far more. */
  private static final long BYTES_PER_REQUEST_MAX = 8;

  private Medium medium;
  private DiskHarness disk;

  @BeforeEach
  void open() throws IOException {
    medium = Medium.Kind.FILE.create(SIZE);
    disk =
        new DiskHarness(
            (loop, pool) ->
                new UringDisk(
                    UringEngine.of((EpollLoop) loop, pool), DiskFile.open(medium.path(), false)));
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
    medium.close();
  }

  @Test
  void moreThanMayBeInFlightWaitAndAllEndWithoutAllocation() throws Exception {
    PooledBuffer buffer = disk.buffer(BLOCK);
    Reader[] readers = new Reader[REQUESTS];
    CountDownLatch[] left = {new CountDownLatch(REQUESTS)};
    for (int i = 0; i < REQUESTS; i++) {
      readers[i] = new Reader(buffer, i, left);
    }
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 20 && allocated > BYTES_PER_REQUEST_MAX * REQUESTS; round++) {
      left[0] = new CountDownLatch(REQUESTS);
      long before = allocatedByLoop();
      disk.loop().execute(() -> Stream.of(readers).forEach(this::submit));
      assertThat(left[0].await(WAIT_S, TimeUnit.SECONDS)).isTrue();
      allocated = allocatedByLoop() - before;
    }
    assertThat(allocated).isLessThanOrEqualTo(BYTES_PER_REQUEST_MAX * REQUESTS);
    buffer.release();
  }

  private void submit(Reader reader) {
    disk.disk().submit(reader.read());
  }

  private long allocatedByLoop() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return disk.ask(answer -> answer.accept(threads.getCurrentThreadAllocatedBytes()));
  }

  @Test
  void memoryThatIsNotRegisteredIsAsGood() throws Exception {
    disk.write(BLOCK, "data".repeat(BLOCK / 4).getBytes(UTF_8));
    PooledBuffer elsewhere = new BufferPool(BLOCK).tryAllocate(BLOCK).orElseThrow();
    PendingRequest request = new PendingRequest();
    request.read(BLOCK, BLOCK, elsewhere, 0);
    disk.run(request);
    assertThat(elsewhere.getCharSequence(BLOCK - 4, 4, UTF_8)).hasToString("data");
    elsewhere.release();
  }

  @Test
  void aLoopHasOneRingWhichEndsWithIt() throws Exception {
    long before = rings();
    EpollLoop loop = new EpollLoop("test");
    BufferPool pool = new BufferPool(BLOCK);
    UringEngine engine = UringEngine.of(loop, pool);
    assertThat(UringEngine.of(loop, pool)).isSameAs(engine);
    assertThat(UringEngine.of(disk.loop(), disk.pool())).isNotSameAs(engine);
    assertThat(rings()).isEqualTo(before + 1);
    loop.close();
    assertThat(rings()).isEqualTo(before);
  }

  /** How many rings this process has open. */
  private static long rings() throws IOException {
    long rings = 0;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)
            && Files.readSymbolicLink(file).toString().contains("io_uring")) {
          rings++;
        }
      }
    }
    return rings;
  }

  private static final class Reader extends DiskRequest {
    private final PooledBuffer buffer;
    private final int number;
    private final CountDownLatch[] left;

    Reader(PooledBuffer buffer, int number, CountDownLatch[] left) {
      this.buffer = buffer;
      this.number = number;
      this.left = left;
    }

    DiskRequest read() {
      return read((long) number * BLOCK % SIZE, BLOCK, buffer, 0);
    }

    @Override
    public void complete() {
      left[0].countDown();
    }

    @Override
    public void fail(DiskException error) {
      throw new AssertionError(error);
    }
  }
}
