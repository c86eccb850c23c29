package io.jdrbd.benchmark;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to take a buffer and give it back, with others in use. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BufferPoolBenchmark {
  private static final int CAPACITY_BYTES = 64 << 20;

  /** Length of each buffer. */
  @Param({"4096", "131072", "1048576"})
  public int lengthBytes;

  /** How many buffers are in use: the pool hands out the one that was given back longest ago. */
  @Param({"1", "32"})
  public int depth;

  private final ArrayDeque<PooledBuffer> inUse = new ArrayDeque<>();
  private BufferPool pool;

  @Setup
  public void fill() {
    pool = new BufferPool(CAPACITY_BYTES);
    for (int i = 0; i < depth - 1; i++) {
      inUse.add(pool.tryAllocate(lengthBytes).orElseThrow());
    }
  }

  @TearDown
  public void drain() {
    inUse.forEach(PooledBuffer::release);
    inUse.clear();
  }

  @Benchmark
  public boolean takeAndRelease() {
    inUse.add(pool.tryAllocate(lengthBytes).orElseThrow());
    return inUse.remove().release();
  }

  /** By the way that waits where the pool is used up, which it is not here. */
  @Benchmark
  public boolean allocateAndRelease() {
    pool.allocate(lengthBytes, Runnable::run, inUse::add);
    return inUse.remove().release();
  }
}
