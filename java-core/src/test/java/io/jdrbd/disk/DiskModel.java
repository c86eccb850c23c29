package io.jdrbd.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.PooledBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Random operations on a disk and on an array; the two must stay alike. Same seed, same run. */
public final class DiskModel {
  private static final int TRANSFER_MAX = 64 * 1024;

  private final DiskHarness disk;
  private final Random random;
  private final long seed;
  private final int unit;
  private final byte[] expected;

  /** What was discarded and not written since, which may read as anything. */
  private final BitSet unknown = new BitSet();

  /**
   * @param unit what offsets and lengths are multiples of, in bytes
   */
  public DiskModel(DiskHarness disk, long seed, int unit) {
    this.disk = disk;
    this.random = new Random(seed);
    this.seed = seed;
    this.unit = unit;
    this.expected = new byte[(int) disk.geometry().sizeBytes()];
  }

  /** One operation after the other. */
  public void run(int steps) throws DiskException {
    for (int step = 0; step < steps; step++) {
      int length = unit * (1 + random.nextInt(TRANSFER_MAX / unit));
      int offset = unit * random.nextInt((expected.length - length) / unit + 1);
      step(step, offset, length);
    }
    check(steps, 0, expected.length);
  }

  private void step(int step, int offset, int length) throws DiskException {
    switch (random.nextInt(6)) {
      case 0 -> check(step, offset, length);
      case 1 -> {
        disk.writeZeroes(offset, length, random.nextBoolean(), random.nextBoolean(), false);
        expect(offset, new byte[length]);
      }
      case 2 -> {
        disk.discard(offset, length);
        unknown.set(offset, offset + length);
      }
      case 3 -> disk.flush();
      default -> {
        byte[] data = bytes(length);
        disk.write(offset, data, 0, random.nextInt(4) == 0);
        expect(offset, data);
      }
    }
  }

  /**
   * Many operations at once, next to each other but not overlapping.
   *
   * @param rounds after each of which everything is compared
   * @param width how many at once
   * @param lengthMax of each, in bytes
   */
  public void runConcurrently(int rounds, int width, int lengthMax) throws DiskException {
    for (int round = 0; round < rounds; round++) {
      List<PendingRequest> started = new ArrayList<>();
      List<PooledBuffer> buffers = new ArrayList<>();
      int position = unit * random.nextInt(16);
      for (int i = 0; i < width; i++) {
        int length = unit * (1 + random.nextInt(lengthMax / unit));
        if (position + length > expected.length) {
          break;
        }
        started.add(disk.start(request(position, length, buffers)));
        position += length;
      }
      for (PendingRequest request : started) {
        disk.await(request);
      }
      buffers.forEach(PooledBuffer::release);
      check(round, 0, expected.length);
    }
  }

  private PendingRequest request(int offset, int length, List<PooledBuffer> buffers) {
    PendingRequest request = new PendingRequest();
    if (random.nextInt(5) == 0) {
      request.writeZeroes(offset, length, random.nextBoolean(), false, false);
      expect(offset, new byte[length]);
    } else {
      byte[] data = bytes(length);
      PooledBuffer buffer = disk.buffer(length);
      buffer.setBytes(0, data);
      buffers.add(buffer);
      request.write(offset, length, buffer, 0, random.nextInt(8) == 0);
      expect(offset, data);
    }
    return request;
  }

  private byte[] bytes(int length) {
    byte[] data = new byte[length];
    random.nextBytes(data);
    return data;
  }

  private void expect(int offset, byte[] data) {
    System.arraycopy(data, 0, expected, offset, data.length);
    unknown.clear(offset, offset + data.length);
  }

  private void check(int step, int offset, int length) throws DiskException {
    byte[] got = disk.read(offset, length);
    int end = offset + length;
    for (int i = unknown.nextSetBit(offset); i >= 0 && i < end; i = unknown.nextSetBit(i + 1)) {
      got[i - offset] = expected[i];
    }
    byte[] wanted = Arrays.copyOfRange(expected, offset, end);
    int difference = Arrays.mismatch(got, wanted);
    assertThat(difference)
        .as("seed %d, step %d: first wrong byte after offset %d", seed, step, offset)
        .isEqualTo(-1);
  }
}
