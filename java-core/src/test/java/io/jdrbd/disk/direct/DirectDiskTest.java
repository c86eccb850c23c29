package io.jdrbd.disk.direct;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.PathDiskContract;
import io.jdrbd.loop.Loop;

class DirectDiskTest extends PathDiskContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception {
    return new DirectDisk(loop, DiskFile.open(path, false), DirectDisk.THREADS_DEFAULT);
  }
}
