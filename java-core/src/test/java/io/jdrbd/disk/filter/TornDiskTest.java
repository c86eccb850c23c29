package io.jdrbd.disk.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.BlockDiskContract;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskRequest.Op;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.PendingRequest;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.Loop;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TornDiskTest extends BlockDiskContract {
  private static final int SECTOR = 512;
  private static final int LIMIT = 1 << 20;

  @Override
  protected BlockDisk open(Loop loop, BufferPool pool) throws Exception {
    return new TornDisk(new MemoryDisk(loop, SIZE, SECTOR), loop, pool, LIMIT);
  }

  private static void crash(DiskHarness disk, long seed) {
    TornDisk torn = (TornDisk) disk.disk();
    disk.<Boolean>ask(answer -> torn.crash(seed, () -> answer.accept(true)));
  }

  @Test
  void whatWasFlushedSurvives() throws Exception {
    byte[] data = random(50, 16 * BLOCK);
    disk().write(0, data);
    disk().flush();
    crash(disk(), 1);
    assertThat(disk().read(0, data.length)).isEqualTo(data);
  }

  @Test
  void whatWasWrittenThroughSurvivesOverOlderUnflushedData() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      disk().write(0, random(51, 4 * BLOCK));
      disk().write(BLOCK, random(52, BLOCK), 0, true);
      crash(disk(), seed);
      assertThat(disk().read(BLOCK, BLOCK)).isEqualTo(random(52, BLOCK));
    }
  }

  @Test
  void unflushedWritesAreLostKeptOrTornInSectors() throws Exception {
    byte[] old = random(53, 8 * SECTOR);
    byte[] fresh = random(54, 8 * SECTOR);
    Set<Integer> sectorsKept = new HashSet<>();
    for (int seed = 0; seed < 40; seed++) {
      disk().write(0, old, 0, true);
      disk().flush();
      disk().write(0, fresh);
      assertThat(disk().read(0, fresh.length)).as("before the crash").isEqualTo(fresh);
      crash(disk(), seed);
      sectorsKept.add(sectorsKept(disk().read(0, fresh.length), old, fresh));
    }
    assertThat(sectorsKept).contains(0, 8).hasSizeGreaterThan(4);
  }

  private static int sectorsKept(byte[] found, byte[] old, byte[] fresh) {
    int kept = 0;
    for (int at = 0; at < found.length; at += SECTOR) {
      byte[] sector = part(found, at, SECTOR);
      boolean isFresh = Arrays.equals(sector, part(fresh, at, SECTOR));
      assertThat(isFresh || Arrays.equals(sector, part(old, at, SECTOR)))
          .as("a sector is old or new, never a mixture")
          .isTrue();
      kept += isFresh ? 1 : 0;
    }
    return kept;
  }

  @Test
  void sameSeedSameOutcome() throws Exception {
    assertThat(afterCrash(7)).isEqualTo(afterCrash(7)).isNotEqualTo(afterCrash(8));
  }

  private byte[] afterCrash(long seed) throws DiskException {
    try (DiskHarness disk = new DiskHarness(this::open)) {
      for (int i = 0; i < 20; i++) {
        disk.write((long) i * BLOCK, random(i, 2 * BLOCK));
      }
      disk.writeZeroes(5 * BLOCK, 8 * BLOCK, false, false, false);
      crash(disk, seed);
      return disk.read(0, 22 * BLOCK);
    }
  }

  @Test
  void requestsInFlightFailWithThePower() {
    try (DiskHarness disk =
        new DiskHarness(
            (loop, pool) -> {
              Map<Op, Long> slow = Map.of(Op.FLUSH, 20_000_000L);
              BlockDisk memory = new MemoryDisk(loop, SIZE, SECTOR);
              return new TornDisk(new DelayDisk(memory, loop, slow, 0, 1), loop, pool, LIMIT);
            })) {
      PendingRequest flush = new PendingRequest();
      flush.flush();
      PendingRequest behind = new PendingRequest();
      behind.flush();
      disk.start(flush);
      disk.start(behind);
      crash(disk, 1);
      for (PendingRequest request : new PendingRequest[] {flush, behind}) {
        DiskException error = catchThrowableOfType(DiskException.class, () -> disk.await(request));
        assertThat(error.errno()).isEqualTo(Errno.EIO);
        assertThat(error).hasMessageContaining("power failed");
      }
    }
  }

  @Test
  void keepsNoMoreThanItsLimit() throws Exception {
    byte[] data = random(55, LIMIT + BLOCK);
    disk().write(0, data);
    crash(disk(), 3);
    assertThat(disk().read(0, data.length)).as("too much to be kept").isEqualTo(data);
  }
}
