package io.jdrbd.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.loop.Loop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every disk must do, whichever engine it is and whatever it is wrapped in. */
public abstract class BlockDiskContract {
  /** Size of the disk under test. */
  protected static final long SIZE = 4 << 20;

  /** A multiple of every block size. */
  protected static final int BLOCK = 4096;

  private DiskHarness harness;

  /** Opens a disk of {@link #SIZE} bytes that are all zero. */
  protected abstract BlockDisk open(Loop loop, BufferPool pool) throws Exception;

  /** Removes what {@link #open} made, after the disk was closed. */
  protected void removeMedium() throws Exception {}

  protected final DiskHarness disk() {
    return harness;
  }

  @BeforeEach
  final void openDisk() {
    harness = new DiskHarness(this::open);
  }

  @AfterEach
  final void closeDisk() throws Exception {
    harness.close();
    removeMedium();
    assertThat(harness.pool().outstanding())
        .as("buffers in use: %s", harness.pool().leaks())
        .isZero();
  }

  @Test
  void hasTheSizeOfItsMedium() {
    assertThat(harness.geometry().sizeBytes()).isEqualTo(SIZE);
    assertThat(harness.disk().description()).isNotBlank();
  }

  @Test
  void isZeroAtFirstAndReadsWhatWasWritten() throws Exception {
    byte[] data = random(1, 8 * BLOCK);
    assertThat(harness.read(BLOCK, data.length)).containsOnly(0);
    harness.write(BLOCK, data);
    assertThat(harness.read(BLOCK, data.length)).isEqualTo(data);
    assertThat(harness.read(0, BLOCK)).containsOnly(0);
    assertThat(harness.read(BLOCK + data.length, BLOCK)).containsOnly(0);
  }

  @Test
  void usesThePartOfTheBufferThatItIsTold() throws Exception {
    byte[] data = random(2, 2 * BLOCK);
    harness.write(0, data, 3 * BLOCK, false);
    assertThat(harness.read(0, data.length, 5 * BLOCK)).isEqualTo(data);
  }

  @Test
  void readsAndWritesTheLastBlock() throws Exception {
    byte[] data = random(3, BLOCK);
    harness.write(SIZE - BLOCK, data);
    assertThat(harness.read(SIZE - BLOCK, BLOCK)).isEqualTo(data);
  }

  @Test
  void transfersOfTheWholeDisk() throws Exception {
    byte[] data = random(4, (int) SIZE);
    harness.write(0, data);
    assertThat(harness.read(0, data.length)).isEqualTo(data);
  }

  @Test
  void flushesAndWritesThrough() throws Exception {
    byte[] data = random(5, BLOCK);
    harness.write(0, data, 0, true);
    harness.flush();
    assertThat(harness.read(0, BLOCK)).isEqualTo(data);
  }

  @Test
  void zeroesReadAsZeroesHoweverTheyAreMade() throws Exception {
    byte[] data = random(6, 64 * BLOCK);
    for (boolean mayDiscard : List.of(true, false)) {
      for (boolean fua : List.of(true, false)) {
        harness.write(0, data);
        harness.writeZeroes(BLOCK, 32 * BLOCK, mayDiscard, fua, false);
        assertThat(harness.read(BLOCK, 32 * BLOCK)).containsOnly(0);
        assertThat(harness.read(0, BLOCK)).startsWith(data[0], data[1], data[2]);
        assertThat(harness.read(33L * BLOCK, BLOCK)).isNotEqualTo(new byte[BLOCK]);
      }
    }
  }

  @Test
  void fastZeroesAreZeroesOrRefused() throws Exception {
    byte[] data = random(7, BLOCK);
    harness.write(0, data);
    try {
      harness.writeZeroes(0, BLOCK, true, false, true);
      assertThat(harness.read(0, BLOCK)).containsOnly(0);
    } catch (DiskException e) {
      assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
      assertThat(harness.read(0, BLOCK)).isEqualTo(data);
    }
  }

  @Test
  void aDiscardLeavesTheRestAlone() throws Exception {
    byte[] data = random(8, 4 * BLOCK);
    harness.write(0, data);
    harness.discard(BLOCK, 2 * BLOCK);
    assertThat(harness.read(0, BLOCK)).isEqualTo(part(data, 0, BLOCK));
    assertThat(harness.read(3 * BLOCK, BLOCK)).isEqualTo(part(data, 3 * BLOCK, BLOCK));
  }

  @Test
  void extentsCoverTheRangeFromItsStart() throws Exception {
    harness.write(16 * BLOCK, random(9, 16 * BLOCK));
    long from = 8 * BLOCK;
    long position = from;
    for (Extent extent : harness.extents(from, SIZE - from)) {
      assertThat(extent.offsetBytes()).isEqualTo(position);
      assertThat(extent.lengthBytes()).isPositive();
      position += extent.lengthBytes();
    }
    assertThat(position).isBetween(from + 1, SIZE);
  }

  @Test
  void dataIsNeverCalledAHoleOrZero() throws Exception {
    harness.write(16 * BLOCK, random(10, 16 * BLOCK));
    Extent first = harness.extents(16 * BLOCK, 16 * BLOCK).getFirst();
    assertThat(first).isEqualTo(new Extent(16 * BLOCK, 16 * BLOCK, false, false));
  }

  @Test
  void refusesWhatIsBeyondTheEnd() {
    assertThat(failure(() -> harness.read(SIZE, BLOCK)).errno()).isEqualTo(Errno.EINVAL);
    DiskException write = failure(() -> write(SIZE - BLOCK, 2 * BLOCK));
    assertThat(write.errno()).isEqualTo(Errno.ENOSPC);
    assertThat(write.offsetBytes()).isEqualTo(SIZE - BLOCK);
    assertThat(write.lengthBytes()).isEqualTo(2 * BLOCK);
    assertThat(write).hasMessageContaining("the disk ends at " + SIZE);
    assertThat(failure(() -> zero(SIZE - BLOCK, 2 * BLOCK)).errno()).isEqualTo(Errno.ENOSPC);
    assertThat(failure(() -> discard(SIZE - BLOCK, 2 * BLOCK)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(failure(() -> zero(Long.MAX_VALUE & -BLOCK, BLOCK)).errno()).isEqualTo(Errno.ENOSPC);
    assertThat(failure(() -> discard(0, Long.MAX_VALUE)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(failure(() -> discard(-BLOCK, BLOCK)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(failure(() -> discard(0, 0)).errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void refusesWhatIsLongerThanItsBuffer() {
    PooledBuffer buffer = harness.buffer(BLOCK);
    PendingRequest request = new PendingRequest();
    request.read(0, 2 * BLOCK, buffer, 0);
    assertThat(failure(() -> run(request)).errno()).isEqualTo(Errno.EINVAL);
    buffer.release();
  }

  @Test
  void completesWhatIsInFlightBeforeItIsClosed() throws Exception {
    List<PendingRequest> requests = new ArrayList<>();
    List<PooledBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      PooledBuffer buffer = harness.buffer(BLOCK);
      buffer.setZero(0, BLOCK);
      PendingRequest request = new PendingRequest();
      request.write((long) i * BLOCK, BLOCK, buffer, 0, i % 2 == 0);
      buffers.add(buffer);
      requests.add(harness.start(request));
    }
    harness.closeDisk();
    for (PendingRequest request : requests) {
      assertThat(request.end()).as("ended before the disk was closed").isCompleted();
    }
    buffers.forEach(PooledBuffer::release);
    assertThat(failure(() -> harness.read(0, BLOCK)).errno()).isEqualTo(Errno.EBADF);
    assertThat(failure(this::flush).errno()).isEqualTo(Errno.EBADF);
  }

  @Test
  void answersTheSameSizeWhenNothingChanged() {
    assertThat(harness.refresh()).isEqualTo(harness.geometry());
  }

  /** Compares the disk with an array, operation by operation. */
  @Test
  void behavesLikeAnArray() throws Exception {
    new DiskModel(harness, 11, BLOCK).run(300);
  }

  @Test
  void manyAtOnceDoNotDisturbEachOther() throws Exception {
    new DiskModel(harness, 12, BLOCK).runConcurrently(20, 64, 8 * BLOCK);
  }

  private Void flush() throws DiskException {
    harness.flush();
    return null;
  }

  private Void write(long offset, int length) throws DiskException {
    harness.write(offset, new byte[length]);
    return null;
  }

  private Void run(PendingRequest request) throws DiskException {
    harness.run(request);
    return null;
  }

  private Void zero(long offset, long length) throws DiskException {
    harness.writeZeroes(offset, length, false, false, false);
    return null;
  }

  private Void discard(long offset, long length) throws DiskException {
    harness.discard(offset, length);
    return null;
  }

  /** The error that the call ends with; it must end with one. */
  protected static DiskException failure(Callable<?> call) {
    return catchThrowableOfType(DiskException.class, call::call);
  }

  protected static byte[] random(long seed, int length) {
    byte[] data = new byte[length];
    new Random(seed).nextBytes(data);
    return data;
  }

  protected static byte[] part(byte[] data, int from, int length) {
    return Arrays.copyOfRange(data, from, from + length);
  }
}
