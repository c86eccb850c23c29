package io.jdrbd.disk;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.disk.open.EngineChoice;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Measures an engine by itself, to compare with {@code fio --direct=1} on the same file: random
 * requests of one size at a fixed depth, from the loop's own thread. Not a test. Arguments: engine,
 * path, {@code read} or {@code write}, bytes per request, depth, seconds, rounds. The first round
 * is warm-up.
 */
public final class EngineSpeed {
  private static final int LATENCIES_MAX = 1 << 24;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final DiskHarness harness;
  private final boolean write;
  private final int bytes;
  private final int depth;
  private final long[] latenciesNs = new long[LATENCIES_MAX];
  private final Random random = new Random(1);

  private CompletableFuture<Long> end = new CompletableFuture<>();
  private long endNs;
  private int running;
  private int done;

  private EngineSpeed(DiskHarness harness, boolean write, int bytes, int depth) {
    this.harness = harness;
    this.write = write;
    this.bytes = bytes;
    this.depth = depth;
  }

  /** Prints one line per round. */
  public static void main(String[] arguments) {
    DiskOptions options = DiskOptions.DEFAULT.withEngine(EngineChoice.parse(arguments[0]));
    int bytes = Integer.parseInt(arguments[3]);
    int depth = Integer.parseInt(arguments[4]);
    int seconds = Integer.parseInt(arguments[5]);
    int rounds = Integer.parseInt(arguments[6]);
    try (DiskHarness harness =
        new DiskHarness((loop, pool) -> DiskOpener.open(arguments[1], options, loop, pool))) {
      EngineSpeed speed = new EngineSpeed(harness, arguments[2].equals("write"), bytes, depth);
      for (int round = 0; round < rounds; round++) {
        speed.run(seconds);
      }
    }
  }

  private void run(int seconds) {
    end = new CompletableFuture<>();
    done = 0;
    running = depth;
    long beginNs = System.nanoTime();
    long beginCpuNs = PROCESS.getProcessCpuTime();
    long[] beginAllocated = new long[1];
    endNs = beginNs + seconds * 1_000_000_000L;
    harness
        .loop()
        .execute(
            () -> {
              beginAllocated[0] = THREADS.getCurrentThreadAllocatedBytes();
              for (int i = 0; i < depth; i++) {
                new Worker().submit();
              }
            });
    double allocated = end.join() - beginAllocated[0];
    double elapsedS = (System.nanoTime() - beginNs) / 1e9;
    long[] sorted = Arrays.copyOf(latenciesNs, done);
    Arrays.sort(sorted);
    System.out.printf(
        "%s %d bytes, depth %d: %.0f per second, p50 %.1f us, p99 %.1f us, %.2f us of CPU and %.0f"
            + " bytes allocated per request%n",
        harness.disk().description(),
        bytes,
        depth,
        done / elapsedS,
        sorted[done / 2] / 1e3,
        sorted[(int) (done * 0.99)] / 1e3,
        (PROCESS.getProcessCpuTime() - beginCpuNs) / 1e3 / done,
        allocated / done);
  }

  private final class Worker extends DiskRequest {
    private final PooledBuffer memory = harness.buffer(bytes);
    private long submittedNs;

    void submit() {
      long blocks = harness.disk().geometry().sizeBytes() / bytes;
      long offsetBytes = random.nextLong(blocks) * bytes;
      submittedNs = System.nanoTime();
      if (write) {
        write(offsetBytes, bytes, memory, 0, false);
      } else {
        read(offsetBytes, bytes, memory, 0);
      }
      harness.disk().submit(this);
    }

    @Override
    public void complete() {
      long nowNs = System.nanoTime();
      latenciesNs[done++] = nowNs - submittedNs;
      if (nowNs < endNs) {
        submit();
      } else {
        memory.release();
        if (--running == 0) {
          end.complete(THREADS.getCurrentThreadAllocatedBytes());
        }
      }
    }

    @Override
    public void fail(DiskException error) {
      throw new AssertionError(error);
    }
  }
}
