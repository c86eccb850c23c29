package io.jdrbd.disk.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskModel;
import io.jdrbd.disk.PathDiskContract;
import io.jdrbd.loop.Loop;
import org.junit.jupiter.api.Test;

/** What the product uses, on every medium: whatever its block size is, any alignment will do. */
class OpenedDiskTest extends PathDiskContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception {
    return DiskOpener.open(path, DiskOptions.DEFAULT, loop, pool);
  }

  @Test
  void takesAnyAlignment() throws Exception {
    assertThat(disk().geometry().logicalBlockBytes()).isEqualTo(1);
    new DiskModel(disk(), 70, 1).run(100);
    writesToPartsOfBlocksAtOnce();
  }

  private void writesToPartsOfBlocksAtOnce() throws Exception {
    disk().writeZeroes(0, SIZE, true, false, false);
    new DiskModel(disk(), 71, 1).runConcurrently(10, 64, 1000);
  }
}
