package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a daemon under fio, again and again: whatever differs from what the peer was last in
 * sync with (here: zeroes) is marked afterwards.
 */
class KilledUnderLoadIT {
  private static final long DISK_BYTES = 1L << 30;
  private static final int BLOCK_BYTES = 4096;
  private static final int ROUNDS = 3;
  private static final int LOG_WRITES = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path directory;

  @Test
  void noBlockThatWasWrittenIsUnmarked() throws Exception {
    try (TestNode node = TestNode.start(directory)) {
      Path disk = node.disk("disk", DISK_BYTES);
      node.succeeds("new-resource", "r0", "0");
      node.succeeds("new-minor", "r0", "10", "0", "--device=none");
      node.succeeds("drbdmeta", "-fq", "10", "v09", disk.toString(), "internal", "create-md", "2");
      node.succeeds(
          "attach", "10", disk.toString(), disk.toString(), "internal", "--al-extents=67");
      node.succeeds("new-current-uuid", "10", "--clear-bitmap");
      node.succeeds("primary", "r0");
      for (int round = 0; round < ROUNDS; round++) {
        killUnderLoad(node, round);
        node.restart();
        assertThat(node.succeeds("dstate", "10")).isEqualTo("UpToDate\n");
        assertThat(node.succeeds("role", "r0")).isEqualTo("Primary\n");
      }
      verifiedLoad(node);
      node.succeeds("down", "r0");
      assertThat(unmarkedBlocks(disk)).isEmpty();
    }
  }

  private void killUnderLoad(TestNode node, int round) throws IOException, InterruptedException {
    Process load = fio(node, round, "--time_based", "--runtime=600").start();
    try {
      long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
      while (logWrites(node) < LOG_WRITES) {
        assertThat(System.nanoTime()).as("the load comes in time").isLessThan(deadlineNs);
      }
      node.kill();
    } finally {
      load.destroyForcibly().waitFor();
    }
  }

  private static long logWrites(TestNode node) throws IOException, InterruptedException {
    String status = node.succeeds("status", "-v", "-s");
    return Long.parseLong(status.replaceAll("(?s).*al-writes:(\\d+).*", "$1"));
  }

  private void verifiedLoad(TestNode node) throws IOException, InterruptedException {
    Process verify = fio(node, ROUNDS, "--io_size=16M", "--verify=crc32c").start();
    assertThat(verify.waitFor()).as("fio's verdict; its output is fio-%d", ROUNDS).isZero();
  }

  private ProcessBuilder fio(TestNode node, int round, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=load",
                "--ioengine=nbd",
                "--uri=nbd+unix:///r0/0?socket=" + node.runDir().resolve("nbd.sock"),
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=16",
                "--size=1000M",
                "--randseed=" + round));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .directory(directory.toFile()) // where it leaves the state of its verification
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("fio-" + round).toFile());
  }

  /** Blocks that hold something else than zeroes and lack a mark in any slot; the first few. */
  private static List<Long> unmarkedBlocks(Path disk) throws Exception {
    Bitmap bitmap = readBitmap(disk);
    List<Long> unmarked = new ArrayList<>();
    long written = 0;
    ByteBuffer zeroes = ByteBuffer.allocate(BLOCK_BYTES);
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    try (FileChannel file = FileChannel.open(disk)) {
      for (long bit = 0; bit < bitmap.bits(); bit++) {
        block.clear();
        file.read(block, bit * BLOCK_BYTES);
        boolean differs = !block.flip().equals(zeroes.clear());
        written += differs ? 1 : 0;
        if (differs && !(bitmap.get(0, bit) && bitmap.get(1, bit)) && unmarked.size() < 10) {
          unmarked.add(bit);
        }
      }
    }
    assertThat(written).as("blocks that fio wrote").isGreaterThan(LOG_WRITES);
    return unmarked;
  }

  private static Bitmap readBitmap(Path disk) throws IOException, MetadataException {
    BufferPool pool = new BufferPool(1 << 20);
    try (EpollLoop loop = new EpollLoop("read-bitmap")) {
      BlockDisk opened = open(disk, loop, pool);
      try {
        MetadataStore store =
            new MetadataStore(new DiskMedium(opened, loop, pool), new Placement.Internal());
        return store.readBitmap(store.readSuperblock());
      } finally {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        loop.execute(() -> opened.close(() -> closed.complete(true)));
        closed.join();
      }
    }
  }

  private static BlockDisk open(Path disk, EpollLoop loop, BufferPool pool) throws DiskException {
    return DiskOpener.open(disk.toString(), DiskOptions.DEFAULT.withThreads(1), loop, pool);
  }
}
