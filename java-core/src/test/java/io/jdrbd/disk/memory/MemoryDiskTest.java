package io.jdrbd.disk.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.disk.BlockDiskContract;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskModel;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.Loop;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryDiskTest extends BlockDiskContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool) throws Exception {
    return new MemoryDisk(loop, SIZE);
  }

  @Test
  void takesAnyAlignment() throws Exception {
    new DiskModel(disk(), 30, 1).run(300);
  }

  @Test
  void knowsItsHoles() throws Exception {
    assertThat(disk().extents(0, SIZE)).containsExactly(new Extent(0, SIZE, true, true));
    disk().write(2 * BLOCK + 1, random(31, 1));
    disk().writeZeroes(8 * BLOCK, BLOCK, false, false, false);
    disk().write(SIZE - 1, random(31, 1));
    assertThat(disk().extents(0, SIZE))
        .containsExactly(
            new Extent(0, 2 * BLOCK, true, true),
            new Extent(2 * BLOCK, BLOCK, false, false),
            new Extent(3 * BLOCK, 5 * BLOCK, true, true),
            new Extent(8 * BLOCK, BLOCK, false, false),
            new Extent(9 * BLOCK, SIZE - 10 * BLOCK, true, true),
            new Extent(SIZE - BLOCK, BLOCK, false, false));
    disk().discard(0, SIZE);
    assertThat(disk().extents(5, 10)).containsExactly(new Extent(5, 10, true, true));
  }

  @Test
  void isSparse() throws Exception {
    try (DiskHarness large = new DiskHarness((loop, pool) -> new MemoryDisk(loop, 1L << 40))) {
      byte[] data = random(32, BLOCK);
      large.write((1L << 40) - BLOCK, data);
      assertThat(large.read((1L << 40) - BLOCK, BLOCK)).isEqualTo(data);
      assertThat(large.extents(0, 1L << 40))
          .isEqualTo(
              List.of(
                  new Extent(0, (1L << 40) - BLOCK, true, true),
                  new Extent((1L << 40) - BLOCK, BLOCK, false, false)));
    }
  }

  /** A client that sends its next request from the end of the last one must not keep others out. */
  @Test
  void anEndlessChainOfRequestsLeavesTheLoopToOthers() throws Exception {
    PooledBuffer buffer = disk().buffer(BLOCK);
    Chain chain = new Chain(disk().disk(), buffer);
    disk().loop().execute(chain::next);
    disk().flush();
    CountDownLatch stopped = new CountDownLatch(1);
    disk().loop().execute(() -> chain.last = stopped::countDown);
    assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
    buffer.release();
  }

  private static final class Chain extends DiskRequest {
    private final BlockDisk disk;
    private final PooledBuffer buffer;
    private Runnable last = this::next;

    Chain(BlockDisk disk, PooledBuffer buffer) {
      this.disk = disk;
      this.buffer = buffer;
    }

    void next() {
      read(0, BLOCK, buffer, 0);
      disk.submit(this);
    }

    @Override
    public void complete() {
      last.run();
    }

    @Override
    public void fail(DiskException error) {
      throw new AssertionError(error);
    }
  }
}
