package io.jdrbd.disk.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.BlockDiskContract;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskModel;
import io.jdrbd.disk.DiskRequest.Op;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.PendingRequest;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a disk that demands blocks of 4096 bytes and whose requests overtake each other. */
class AlignedDiskTest extends BlockDiskContract {
  private static final Map<Op, Long> DELAYS = Map.of(Op.READ, 1_000L, Op.WRITE, 1_000L);
  private static final long JITTER_NS = 200_000;

  @Override
  protected BlockDisk open(Loop loop, BufferPool pool) throws Exception {
    BlockDisk memory = new MemoryDisk(loop, SIZE, BLOCK);
    return AlignedDisk.over(new DelayDisk(memory, loop, DELAYS, JITTER_NS, 1), loop, pool);
  }

  @Test
  void hasNoBlockSizeOfItsOwn() {
    assertThat(disk().geometry().logicalBlockBytes()).isEqualTo(1);
    assertThat(disk().geometry().physicalBlockBytes()).isEqualTo(BLOCK);
  }

  @Test
  void behavesLikeAnArrayAtAnyAlignment() throws Exception {
    new DiskModel(disk(), 40, 1).run(300);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 5000, 20_000})
  void neighboursInOneBlockDoNotDisturbEachOther(int lengthMax) throws Exception {
    new DiskModel(disk(), 41, 1).runConcurrently(20, 64, lengthMax);
  }

  @Test
  void takesPayloadFromAnywhereInABuffer() throws Exception {
    byte[] data = random(42, 3 * BLOCK);
    disk().write(BLOCK, data, 13, true);
    assertThat(disk().read(BLOCK, data.length, 7)).isEqualTo(data);
  }

  @Test
  void worksThoughThePoolIsUsedUp() throws Exception {
    List<PooledBuffer> all = new ArrayList<>();
    PooledBuffer mine = disk().buffer(BLOCK);
    for (int i = 0; i < disk().pool().capacityBytes() / BLOCK; i++) {
      disk().pool().tryAllocate(BLOCK).ifPresent(all::add);
    }
    assertThat(disk().pool().tryAllocate(1)).isEmpty();
    PendingRequest request = new PendingRequest();
    request.write(5, 100, mine, 3, true);
    disk().run(request);
    mine.release();
    all.forEach(PooledBuffer::release);
  }

  @Test
  void anErrorOfAStepIsTheErrorOfTheRequest() throws Exception {
    FaultyDisk.Fault fault =
        new FaultyDisk.Fault(Set.of(Op.WRITE), BLOCK, BLOCK, Errno.EREMOTEIO, 1, 1);
    try (DiskHarness faulty =
        new DiskHarness(
            (loop, pool) -> {
              BlockDisk memory = new MemoryDisk(loop, SIZE, BLOCK);
              return AlignedDisk.over(new FaultyDisk(memory, loop, fault), loop, pool);
            })) {
      DiskException error =
          failure(
              () -> {
                faulty.write(BLOCK + 10, new byte[5]);
                return "written";
              });
      assertThat(error.errno()).isEqualTo(Errno.EREMOTEIO);
      assertThat(error.offsetBytes()).isEqualTo(BLOCK + 10);
      assertThat(error.lengthBytes()).isEqualTo(5);
      faulty.write(BLOCK + 10, random(43, 5));
      assertThat(faulty.read(BLOCK + 10, 5)).as("the lock is free").isEqualTo(random(43, 5));
    }
  }
}
