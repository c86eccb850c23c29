package io.jdrbd.disk.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskRequest.Op;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.PendingRequest;
import io.jdrbd.disk.memory.MemoryDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filters as they are written on a command line, around a disk in memory. */
class FiltersTest {
  private static final long SIZE = 1 << 20;
  private static final int BLOCK = 4096;

  private static DiskHarness disk(String... filters) {
    return new DiskHarness(
        (loop, pool) -> {
          BlockDisk disk = new MemoryDisk(loop, SIZE);
          for (String filter : filters) {
            disk = FilterSpec.parse(filter).wrap(disk, loop, pool);
          }
          return disk;
        });
  }

  @Test
  void delayHoldsItsOperationsBackAndNoOthers() throws Exception {
    try (DiskHarness disk = disk("delay:read=300ms,jitter=1ms,seed=5")) {
      PendingRequest read = new PendingRequest();
      var buffer = disk.buffer(BLOCK);
      read.read(0, BLOCK, buffer, 0);
      long startNs = System.nanoTime();
      disk.start(read);
      disk.write(0, new byte[BLOCK]);
      assertThat(read.end()).as("the write overtook the read").isNotDone();
      disk.await(read);
      assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(300_000_000L);
      buffer.release();
    }
  }

  @Test
  void delayedRequestsEndBeforeTheDiskIsClosed() throws Exception {
    DiskHarness disk = disk("delay:flush=50ms");
    PendingRequest flush = new PendingRequest();
    flush.flush();
    disk.start(flush);
    disk.close();
    assertThat(flush.end()).isCompleted();
  }

  @Test
  void errorsAreMadeInTheirRangeForTheirOperations() throws Exception {
    try (DiskHarness disk =
        disk("errors:op=write+write-zeroes,offset=8k,length=4k,errno=EREMOTEIO")) {
      for (int i = 0; i < 3; i++) {
        DiskException error = failure(() -> disk.write(2 * BLOCK - 1, new byte[2]));
        assertThat(error.errno()).isEqualTo(Errno.EREMOTEIO);
        assertThat(error).hasMessageContaining("errors filter").hasMessageContaining("8191");
      }
      failure(() -> disk.writeZeroes(0, SIZE, true, false, false));
      disk.write(BLOCK, new byte[BLOCK]);
      disk.write(3 * BLOCK, new byte[BLOCK]);
      disk.read(0, (int) SIZE);
      disk.flush();
    }
  }

  @Test
  void errorsCanComeNowAndThenAndEnd() {
    try (DiskHarness disk = disk("errors:op=flush,every=3,times=2")) {
      List<Integer> failed =
          IntStream.rangeClosed(1, 12).filter(i -> fails(disk::flush)).boxed().toList();
      assertThat(failed).containsExactly(3, 6);
    }
  }

  @Test
  void filtersCompose() {
    try (DiskHarness disk = disk("errors:op=read,times=1", "delay:any=1ms", "errors:op=flush")) {
      assertThat(disk.disk().description())
          .isEqualTo("memory of 1048576 bytes + errors + delay + errors");
      assertThat(fails(disk::flush)).isTrue();
      assertThat(fails(() -> disk.read(0, 1))).isTrue();
      assertThat(fails(() -> disk.read(0, 1))).isFalse();
    }
  }

  @Test
  void writeLogTellsWhatAFlushCovered(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("log");
    try (DiskHarness disk = disk("errors:op=discard", "writelog:file=" + log)) {
      disk.write(4096, new byte[512]);
      disk.read(0, 1);
      disk.flush();
      disk.write(0, new byte[10], 0, true);
      failure(() -> disk.discard(0, 4096));
    }
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "1 begin write 4096 512",
            "1 end write 4096 512",
            "2 begin flush 0 0",
            "2 end flush 0 0",
            "3 begin write 0 10 fua",
            "3 end write 0 10 fua",
            "4 begin discard 0 4096",
            "4 fail discard 0 4096");
  }

  @Test
  void writeLogGoesToMemoryInTests() throws Exception {
    List<WriteLogDisk.Entry> entries = new ArrayList<>();
    WriteLogDisk.Sink sink =
        new WriteLogDisk.Sink() {
          @Override
          public void add(WriteLogDisk.Entry entry) {
            entries.add(entry);
          }

          @Override
          public void close() {}
        };
    try (DiskHarness disk =
        new DiskHarness((loop, pool) -> new WriteLogDisk(new MemoryDisk(loop, SIZE), sink))) {
      disk.flush();
    }
    assertThat(entries)
        .containsExactly(
            new WriteLogDisk.Entry(1, WriteLogDisk.Moment.BEGIN, Op.FLUSH, 0, 0, false),
            new WriteLogDisk.Entry(1, WriteLogDisk.Moment.END, Op.FLUSH, 0, 0, false));
  }

  private interface Action {
    void run() throws DiskException;
  }

  private static boolean fails(Action action) {
    try {
      action.run();
      return false;
    } catch (DiskException e) {
      return true;
    }
  }

  private static DiskException failure(Action action) {
    return catchThrowableOfType(DiskException.class, action::run);
  }
}
