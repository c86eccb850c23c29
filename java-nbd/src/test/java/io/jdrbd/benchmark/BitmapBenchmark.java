package io.jdrbd.benchmark;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Operations on the whole bitmap of 1 TiB: 32 MiB for each of two slots. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BitmapBenchmark {
  private static final long BITS = 1L << 28;
  private static final int SLOTS = 2;

  private final ByteBuffer page = ByteBuffer.allocate(Bitmap.PAGE_BYTES);
  private Bitmap bitmap;

  @Setup
  public void fill() {
    bitmap = new Bitmap(new BitmapArea(SLOTS, BitGranularity.DEFAULT), BITS);
    for (long word = 0; word < BITS / Long.SIZE; word += 1024) {
      bitmap.mergeWord(1, word, 1L << (word & 63));
    }
  }

  /** Sets every bit and clears it again: two passes. */
  @Benchmark
  public long setAndClearAll() {
    return bitmap.set(0, bitmap.all()) + bitmap.clear(0, bitmap.all());
  }

  @Benchmark
  public long merge() {
    bitmap.merge(0, 1);
    return bitmap.weight(0);
  }

  @Benchmark
  public long count() {
    return bitmap.count(1, bitmap.all());
  }

  /** From one marked block to the next, one in 65536 being marked. */
  @Benchmark
  public long scan() {
    long found = 0;
    for (long bit = bitmap.next(1, 0); bit != Bitmap.NO_BIT; bit = bitmap.next(1, bit + 1)) {
      found++;
    }
    return found;
  }

  /** As the disk has them, both slots. */
  @Benchmark
  public int encodeAllPages() {
    for (int number = 0; number < bitmap.pages(); number++) {
      bitmap.encodePage(number, page.clear());
    }
    return page.get(0);
  }

  /** From the disk, both slots, and counted. */
  @Benchmark
  public long decodeAllPages() {
    for (int number = 0; number < bitmap.pages(); number++) {
      bitmap.decodePage(number, page.clear());
    }
    bitmap.recount();
    return bitmap.weight(1);
  }
}
